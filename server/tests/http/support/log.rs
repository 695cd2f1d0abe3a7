//! Captures the log of a test's thread.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::{Arc, Mutex, Once},
};
use tracing_subscriber::{fmt::MakeWriter, util::SubscriberInitExt};

thread_local! {
    static KEPT: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// The text logged since the capture began.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps what this thread logs from now on.
    ///
    /// One subscriber serves all tests of the process: with one for each, an event that is first reached by a test without any
    /// would be taken for one that nobody wants, for all threads.
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            tracing_subscriber::fmt()
                .with_env_filter("info,claviger=debug")
                .with_ansi(false)
                .with_writer(OfThread)
                .finish()
                .init();
        });
        let log = Self::default();
        KEPT.set(Some(log.clone()));
        log
    }

    /// All of it, also what the server leaves out by default.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines with a text in them, at the level that the server has by default.
    pub(crate) fn lines_with(&self, text: &str) -> Vec<String> {
        let all = self.text();
        let lines = all.lines().filter(|line| !line.contains(" DEBUG ") && line.contains(text));
        lines.map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands each thread its own log, and what nobody keeps to nobody.
struct OfThread;

impl<'a> MakeWriter<'a> for OfThread {
    type Writer = Box<dyn Write>;

    fn make_writer(&'a self) -> Self::Writer {
        match KEPT.with_borrow(Clone::clone) {
            Some(log) => Box::new(log),
            None => Box::new(io::sink()),
        }
    }
}
