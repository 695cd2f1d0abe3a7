//! The server put together: opened, bound to its address, and run until it is told to stop. It must not know where
//! its configuration came from.

use crate::{
    configuration::{Configuration, ConfigurationError},
    http::{self, Site},
    mail::SmtpMailer,
};
use axum::{Router, serve::ListenerExt};
use claviger_app::api::mail::{NotSent, OutgoingMail};
use claviger_core::{
    claviger::{Claviger, Opened},
    clock::Clock,
    keys::OpenError,
    random::Random,
};
use std::{
    future::{Future, IntoFuture},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// How long requests under way may take to end once the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// A server that listens, but does not answer yet.
pub struct Application {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    claviger: Claviger,
    new_master_key_file: Option<PathBuf>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The database or the master key cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The mail server cannot be asked as it is set.
    #[error("e-mail cannot be sent: {}", .0.0)]
    Mail(NotSent),
    /// Somebody else has the address, or it is not one of this machine's.
    #[error("{address} cannot be listened on: {problem}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        problem: io::Error,
    },
}

/// Opens the database and the keys, after making the data folder where it is missing.
///
/// # Errors
/// The data folder, the database or the master key cannot be used.
pub async fn open(
    configuration: &Configuration,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Opened, StartError> {
    configuration.make_data_folder()?;
    Ok(Claviger::open(configuration.settings(), clock, random).await?)
}

impl Application {
    /// Opens the database and takes the address. Port 0 is any that is free.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn build(
        configuration: &Configuration,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        let Opened { claviger, new_master_key_file } =
            open(configuration, Arc::clone(&clock), Arc::clone(&random)).await?;
        let asked = configuration.leptos.site_addr;
        let refused = |problem| StartError::Listen { address: asked, problem };
        let listener = TcpListener::bind(asked).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        warn_of_missing_site(configuration);
        let mail = OutgoingMail(match &configuration.mail {
            Some(settings) => Some(Arc::new(SmtpMailer::new(settings).map_err(StartError::Mail)?)),
            None => None,
        });
        let router = http::router(Site::new(configuration, claviger.clone(), mail, clock, random));
        Ok(Self { listener, address, router, claviger, new_master_key_file })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The file of the master key, where it was made just now.
    #[must_use]
    pub fn new_master_key_file(&self) -> Option<&Path> {
        self.new_master_key_file.as_deref()
    }

    /// What answers requests, for driving it without a connection.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The use cases that it serves.
    #[must_use]
    pub fn claviger(&self) -> &Claviger {
        &self.claviger
    }

    /// Serves until `stop` is done, then lets the requests under way end, and closes the database.
    ///
    /// # Errors
    /// The listener failed.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        // Without TCP_NODELAY the last piece of a page waits 40 ms for the browser to acknowledge the one before.
        let listener = self.listener.tap_io(|connection| {
            if let Err(problem) = connection.set_nodelay(true) {
                tracing::debug!(%problem, "TCP_NODELAY could not be set");
            }
        });
        let (stopping, stopped) = watch::channel(false);
        let told_to_stop = async move {
            stop.await;
            tracing::info!("stopping");
            stopping.send_replace(true);
        };
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(told_to_stop);
        let served = tokio::select! {
            served = serving.into_future() => served,
            () = out_of_patience(stopped) => {
                tracing::warn!("requests were still under way");
                Ok(())
            }
        };
        self.claviger.close().await;
        served
    }
}

async fn out_of_patience(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        // Nobody can say stop any more.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(LAST_REQUESTS).await;
}

/// Pages work without their styles and scripts, but they are not what was meant.
fn warn_of_missing_site(configuration: &Configuration) {
    let options = &configuration.leptos;
    let folder = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    if !folder.is_dir() {
        tracing::warn!(folder = %folder.display(), "the styles and scripts of the pages are missing");
    }
}
