//! The running server: opens the installation, listens on its addresses, and serves until it is told to stop. It must
//! not know where its configuration came from.

mod background;
mod guard;

use crate::{
    configuration::{Configuration, ConfigurationError},
    control::{Control, RunningSettings},
    http::{self, Site},
    mail::SmtpMailer,
    metrics::Metrics,
};
use axum::{Router, serve::ListenerExt};
use background::Background;
use claviger_app::server::mail::{NotSent, OutgoingMail};
use claviger_core::{
    claviger::{Claviger, Opened},
    clock::Clock,
    installation::{
        OpenError,
        mark::Older,
        opening::{Opening, ServerLock},
    },
    random::Random,
};
use guard::Guard;
use metrics_exporter_prometheus::BuildError;
use std::{
    future::Future,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// How long running requests may take to end after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// A server that listens but does not answer yet.
pub struct Application {
    main: Listening,
    verify: Option<Listening>,
    metrics: Option<Listening>,
    control: Control,
    claviger: Claviger,
    new_master_key_file: Option<PathBuf>,
    lock: Option<ServerLock>,
    older: Option<Older>,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be created.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The database or the master key cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The mail settings cannot be used.
    #[error("e-mail cannot be sent: {}", .0.0)]
    Mail(NotSent),
    /// The metrics cannot be exported.
    #[error("the metrics cannot be exported: {0}")]
    Metrics(#[from] BuildError),
    /// Another server runs on the data folder, or the control socket cannot be created.
    #[error("the control socket cannot be used: {0}")]
    Control(io::Error),
    /// Another process uses the address, or the address does not belong to this machine.
    #[error("cannot listen on {address}: {problem}")]
    Listen {
        address: SocketAddr,
        /// The error of the operating system.
        problem: io::Error,
    },
}

/// Opens the database and the keys. If `opening` allows creating a database, it also creates the data folder.
///
/// # Errors
/// The data folder, the database or the master key cannot be used.
pub async fn open(
    configuration: &Configuration,
    opening: Opening,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Opened, StartError> {
    if opening != Opening::Existing {
        configuration.make_data_folder()?;
    }
    Ok(Claviger::open(configuration.settings(), opening, clock, random).await?)
}

impl Application {
    /// Opens the database and listens on the addresses. Port 0 means any free port. `accept_older` says whether a
    /// database that is older than the installation mark is accepted.
    ///
    /// # Errors
    /// The reason why the server cannot start.
    pub async fn build(
        configuration: &Configuration,
        accept_older: bool,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        Control::fits_in(&configuration.data_folder).map_err(StartError::Control)?;
        let opening = Opening::Serving { accept_older };
        let Opened { claviger, new_master_key_file, lock, older } =
            open(configuration, opening, Arc::clone(&clock), Arc::clone(&random)).await?;
        let mut control = Control::take(&configuration.data_folder).await.map_err(StartError::Control)?;
        warn_of_missing_site(configuration);
        let mail = OutgoingMail(match &configuration.mail {
            Some(settings) => Some(Arc::new(SmtpMailer::new(settings).map_err(StartError::Mail)?)),
            None => None,
        });
        let metrics = if configuration.metrics_addr.is_some() { Metrics::on()? } else { Metrics::off() };
        let site = Site::new(configuration, claviger.clone(), mail, clock, random);
        let routers = http::routers(&site, metrics, configuration.verify_addr.is_some());
        let main = Listening::on(configuration.leptos.site_addr, routers.main).await?;
        let running = RunningSettings::of(configuration, main.address);
        control.announce(&running).map_err(StartError::Control)?;
        Ok(Self {
            main,
            verify: Listening::on_any(configuration.verify_addr, routers.verify).await?,
            metrics: Listening::on_any(configuration.metrics_addr, routers.metrics).await?,
            control,
            claviger,
            new_master_key_file,
            lock,
            older,
        })
    }

    /// The address of the pages.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.main.address
    }

    /// The address of `/v1`, if it is separate.
    #[must_use]
    pub fn verify_address(&self) -> Option<SocketAddr> {
        self.verify.as_ref().map(|listening| listening.address)
    }

    /// The address of the metrics, if they are served.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|listening| listening.address)
    }

    /// The file of the master key, if it was created just now.
    #[must_use]
    pub fn new_master_key_file(&self) -> Option<&Path> {
        self.new_master_key_file.as_deref()
    }

    /// In what respect the database is older than the installation mark, unless that was accepted.
    #[must_use]
    pub fn older(&self) -> Option<Older> {
        self.older
    }

    /// The router of the pages, for tests without a connection.
    pub fn router(&self) -> Router {
        self.main.router.clone()
    }

    /// The core that the server serves.
    #[must_use]
    pub fn claviger(&self) -> &Claviger {
        &self.claviger
    }

    /// Serves until `stop` is done, then lets running requests end, writes the counts, and closes the database.
    ///
    /// # Errors
    /// A listener failed, or the last counts could not be written.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let guard = Guard::start(&self.claviger, self.lock);
        let lock_is_lost = guard.lock_is_lost();
        let (stopping, stopped) = watch::channel(false);
        let stopping = Arc::new(stopping);
        let told = Arc::clone(&stopping);
        tokio::spawn(async move {
            tokio::select! {
                () = stop => {}
                () = lock_is_lost => {}
            }
            tracing::info!("stopping");
            told.send_replace(true);
        });
        let background = Background::start(&self.claviger, self.control, stopped.clone());
        let listening = [Some(self.main), self.verify, self.metrics].into_iter().flatten();
        let mut serving: JoinSet<io::Result<()>> =
            listening.map(|listening| listening.serve(stopped.clone())).collect();
        let served = tokio::select! {
            served = first_failure(&mut serving) => served,
            () = out_of_patience(stopped) => {
                tracing::warn!("some requests did not end in time");
                Ok(())
            }
        };
        serving.shutdown().await;
        // A listener may have failed before the stop signal.
        stopping.send_replace(true);
        let written = background.end().await;
        let guarded = guard.end().await;
        self.claviger.close().await;
        served.and(guarded).and(written)
    }
}

/// A bound address and its router.
struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl Listening {
    async fn on(asked: SocketAddr, router: Router) -> Result<Self, StartError> {
        let refused = |problem| StartError::Listen { address: asked, problem };
        let listener = TcpListener::bind(asked).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, address, router })
    }

    async fn on_any(asked: Option<SocketAddr>, router: Router) -> Result<Option<Self>, StartError> {
        match asked {
            Some(asked) => Self::on(asked, router).await.map(Some),
            None => Ok(None),
        }
    }

    async fn serve(self, mut stopped: watch::Receiver<bool>) -> io::Result<()> {
        // Without TCP_NODELAY, the last segment of a page waits 40 ms until the browser acknowledges the one before.
        let listener = self.listener.tap_io(|connection| {
            if let Err(problem) = connection.set_nodelay(true) {
                tracing::debug!(%problem, "TCP_NODELAY could not be set");
            }
        });
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        let told_to_stop = async move {
            // A dropped sender also means shutdown.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        axum::serve(listener, service).with_graceful_shutdown(told_to_stop).await
    }
}

/// Waits until all listeners end, or until the first one fails.
async fn first_failure(serving: &mut JoinSet<io::Result<()>>) -> io::Result<()> {
    while let Some(served) = serving.join_next().await {
        served.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn out_of_patience(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        // A dropped sender: no stop signal can come any more.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(LAST_REQUESTS).await;
}

/// Warns if the styles and scripts are missing. Pages work without them, but this is not intended.
fn warn_of_missing_site(configuration: &Configuration) {
    let options = &configuration.leptos;
    let folder = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    if !folder.is_dir() {
        tracing::warn!(folder = %folder.display(), "the styles and scripts of the pages are missing");
    }
}
