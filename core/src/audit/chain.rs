//! The audit chain: each event carries a MAC over itself and over the MAC of the previous event. It must not know why
//! an event is recorded.

use crate::{
    crypto::mac::KeyedMac,
    store::{
        Connection, Database, StoreError,
        audit::{ChainHead, EventRow, accounts_without_chain, chains_with_stray_events, events_after, heads},
    },
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The owner of the chains for events without an account. Its first chain has the same name.
pub(crate) const INSTALLATION: &str = "installation";

/// The number of events that are read at once when a chain is verified.
const PAGE: i64 = 1_000;

/// The MAC key of the audit chains. Without it, a forged or edited event fails verification, even if the attacker can write to
/// the database.
pub(crate) struct AuditKey(KeyedMac);

crate::opaque_debug!(AuditKey);

impl AuditKey {
    pub(crate) fn from_bytes(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(KeyedMac::new(bytes))
    }

    /// The MAC of an event. The event's own column `mac` is ignored.
    pub(crate) fn mac_of(&self, chain: &str, event: &EventRow) -> String {
        let (sequence, at) = (event.sequence.to_string(), event.at.to_string());
        self.0.of_texts(&[
            "event",
            chain,
            &sequence,
            &at,
            &event.actor,
            &event.action,
            &event.target,
            &event.outcome,
            &event.address,
            &event.user_agent,
            &event.request_id,
            &event.previous_mac,
        ])
    }

    /// The MAC of a chain's head. Without it, an attacker could delete the last events without being detected.
    pub(crate) fn head_mac(&self, chain: &str, sequence: i64, last_mac: &str) -> String {
        self.0.of_texts(&["head", chain, &sequence.to_string(), last_mac])
    }

    /// Whether the MAC of the head is valid, and the chain belongs to its owner.
    pub(crate) fn holds_head(&self, head: &ChainHead) -> bool {
        if head.chain != chain_name(&head.owner, head.number) {
            return false;
        }
        let seal = self.head_mac(&head.chain, head.sequence, &head.last_mac);
        bool::from(seal.as_bytes().ct_eq(head.head_seal.as_bytes()))
    }

    /// The head of a chain without events.
    pub(crate) fn empty_chain(&self, owner: &str, number: i64) -> ChainHead {
        let chain = chain_name(owner, number);
        let head_seal = self.head_mac(&chain, 0, "");
        ChainHead { chain, owner: owner.to_owned(), number, sequence: 0, last_mac: String::new(), head_seal }
    }
}

fn chain_name(owner: &str, number: i64) -> String {
    if number == 1 { owner.to_owned() } else { format!("{owner}.{number}") }
}

/// The result of verifying all chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// The number of events that were read.
    pub events: u64,
    /// The chains in which something was changed or is missing. Empty if the trail is intact.
    pub broken: Vec<BrokenChain>,
}

/// A chain in which something was changed or is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenChain {
    /// The account's id, or `installation`.
    pub chain: String,
    /// The number of the first event that does not follow from the event before it.
    pub at: i64,
}

/// Verifies every chain from its first event to its last, and that every account has a chain.
pub(crate) async fn verify(database: &Database, key: &AuditKey) -> Result<AuditVerdict, StoreError> {
    let mut verdict = AuditVerdict { events: 0, broken: Vec::new() };
    let mut connection = database.reader().await?;
    // The heads are read first, so that events that are added during the verification lie after them.
    let ends = heads(&mut connection).await?;
    if !ends.iter().any(|end| end.chain == INSTALLATION) {
        verdict.add_broken(INSTALLATION, 1);
    }
    for account in accounts_without_chain(&mut connection).await? {
        verdict.add_broken(&account, 1);
    }
    for (index, end) in ends.iter().enumerate() {
        if end.number > 1 {
            // This chain exists because the chain before it was broken or missing, whatever state that one is in now.
            match index.checked_sub(1).and_then(|before| ends.get(before)) {
                Some(before) if before.owner == end.owner && before.number == end.number - 1 => {
                    verdict.add_broken(&before.chain, before.sequence.saturating_add(1));
                }
                _ => verdict.add_broken(&end.chain, 1),
            }
        }
        if end.chain != chain_name(&end.owner, end.number) {
            verdict.add_broken(&end.chain, 1);
        }
        if let Some(at) = check(&mut connection, key, end, &mut verdict.events).await? {
            verdict.add_broken(&end.chain, at);
        }
    }
    for chain in chains_with_stray_events(&mut connection).await? {
        verdict.add_broken(&chain, 1);
    }
    Ok(verdict)
}

/// Verifies one chain up to its head. Returns the number of the event at which it breaks.
async fn check(
    connection: &mut Connection,
    key: &AuditKey,
    end: &ChainHead,
    events: &mut u64,
) -> Result<Option<i64>, StoreError> {
    let mut reached = Reached { chain: &end.chain, sequence: 0, mac: String::new() };
    while reached.sequence < end.sequence {
        let mut page = events_after(connection, &end.chain, reached.sequence, PAGE).await?;
        page.retain(|event| event.sequence <= end.sequence);
        *events += page.len() as u64;
        if let Some(at) = page.iter().find_map(|event| reached.advance(key, event)) {
            return Ok(Some(at));
        }
        if page.is_empty() {
            break;
        }
    }
    Ok(reached.ends_before(key, end))
}

impl AuditVerdict {
    /// Reports a chain only once, with the first event at which it breaks.
    fn add_broken(&mut self, chain: &str, at: i64) {
        match self.broken.iter_mut().find(|broken| broken.chain == chain) {
            Some(broken) => broken.at = broken.at.min(at),
            None => self.broken.push(BrokenChain { chain: chain.to_owned(), at }),
        }
    }
}

/// How far a chain has been verified.
struct Reached<'a> {
    chain: &'a str,
    sequence: i64,
    mac: String,
}

impl Reached<'_> {
    /// Verifies the next event. Returns its expected number if the chain breaks here.
    fn advance(&mut self, key: &AuditKey, event: &EventRow) -> Option<i64> {
        let expected = key.mac_of(self.chain, event);
        let follows = event.sequence == self.sequence + 1 && event.previous_mac == self.mac;
        if !follows || !bool::from(expected.as_bytes().ct_eq(event.mac.as_bytes())) {
            return Some(self.sequence + 1);
        }
        self.sequence = event.sequence;
        self.mac.clone_from(&event.mac);
        None
    }

    /// Returns the number of the next event if the MAC of the head is not valid for the events read so far.
    fn ends_before(&self, key: &AuditKey, end: &ChainHead) -> Option<i64> {
        let seal = key.head_mac(self.chain, self.sequence, &self.mac);
        let is_sealed = bool::from(seal.as_bytes().ct_eq(end.head_seal.as_bytes()));
        if is_sealed { None } else { Some(self.sequence + 1) }
    }
}
