//! The keys whose counts or last use have to be written to the database. It must not know the database.

use super::account::KnownKey;
use crossbeam_queue::SegQueue;
use std::sync::Arc;

/// The keys of which something is to be written down, without a lock.
#[derive(Debug, Default)]
pub(crate) struct Unwritten(SegQueue<Arc<KnownKey>>);

impl Unwritten {
    /// Has the key written down, if it does not wait for that already.
    pub(crate) fn add(&self, key: &Arc<KnownKey>) {
        if key.last_use.queue() {
            self.0.push(Arc::clone(key));
        }
    }

    /// Takes up to this many out. What is counted from then on has a key wait again.
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
