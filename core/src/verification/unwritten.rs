//! The queue of keys whose counts or last use must be written to the database. It must not know the database.

use super::account::KnownKey;
use crossbeam_queue::SegQueue;
use std::sync::Arc;

/// A lock-free queue of keys with unwritten counts.
#[derive(Debug, Default)]
pub(crate) struct Unwritten(SegQueue<Arc<KnownKey>>);

impl Unwritten {
    /// Queues the key, unless it is already queued.
    pub(crate) fn add(&self, key: &Arc<KnownKey>) {
        if key.last_use.queue() {
            self.0.push(Arc::clone(key));
        }
    }

    /// Takes up to `most` keys. A later count queues a key again.
    pub(crate) fn take(&self, most: usize) -> Vec<Arc<KnownKey>> {
        let mut keys = Vec::new();
        while keys.len() < most
            && let Some(key) = self.0.pop()
        {
            key.last_use.unqueue();
            keys.push(key);
        }
        keys
    }
}
