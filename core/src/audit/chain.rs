//! The chain: each event carries a message authentication code over itself and over the one before.

use crate::store::{
    Database, StoreError,
    audit::{ChainHead, EventRow, chains, events_after, head},
};
use crate::{hex::hex, mac::hmac_sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How many events are read at once when a chain is checked.
const PAGE: i64 = 1_000;

/// Makes the codes of the chains. Who cannot read it cannot write a record that passes, not even with the database
/// in hand.
pub(crate) struct AuditKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AuditKey")
    }
}

impl AuditKey {
    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The code of an event, whatever its own column says.
    pub(crate) fn mac_of(&self, chain: &str, event: &EventRow) -> String {
        let (sequence, at) = (event.sequence.to_string(), event.at.to_string());
        self.code(&[
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

    /// The code over the end of a chain. Without it, the last events could be taken away unnoticed.
    pub(crate) fn seal_of(&self, chain: &str, sequence: i64, last_mac: &str) -> String {
        self.code(&["head", chain, &sequence.to_string(), last_mac])
    }

    /// HMAC-SHA-256 over the parts, each behind its length: no two lists of parts give the same bytes.
    fn code(&self, parts: &[&str]) -> String {
        let lengths: Vec<[u8; 8]> = parts.iter().map(|part| (part.len() as u64).to_be_bytes()).collect();
        let framed: Vec<&[u8]> = lengths
            .iter()
            .zip(parts)
            .flat_map(|(length, part)| [length.as_slice(), part.as_bytes()])
            .collect();
        hex(&hmac_sha256(&self.0, &framed))
    }
}

/// What a check of all chains found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// How many events were read.
    pub events: u64,
    /// The chains in which something was changed or is missing; empty where all is well.
    pub broken: Vec<BrokenChain>,
}

/// A chain in which something was changed or is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenChain {
    /// The account's id, or `installation`.
    pub chain: String,
    /// The number of the first event that does not follow from the one before.
    pub at: i64,
}

/// Reads every chain from its first event to its last.
pub(crate) async fn verify(database: &Database, key: &AuditKey) -> Result<AuditVerdict, StoreError> {
    let mut verdict = AuditVerdict { events: 0, broken: Vec::new() };
    let mut connection = database.reader().await?;
    for chain in chains(&mut connection).await? {
        // The end first: what is added while the chain is read lies behind it.
        let end = head(&mut connection, &chain).await?;
        let mut reached = Reached { chain: &chain, sequence: 0, mac: String::new() };
        let mut broken = None;
        while broken.is_none() && reached.sequence < end.sequence {
            let mut page = events_after(&mut connection, &chain, reached.sequence, PAGE).await?;
            page.retain(|event| event.sequence <= end.sequence);
            verdict.events += page.len() as u64;
            broken = page.iter().find_map(|event| reached.advance(key, event));
            if page.is_empty() {
                break;
            }
        }
        let broken = broken.or_else(|| reached.ends_before(key, &end));
        verdict.broken.extend(broken.map(|at| BrokenChain { chain: chain.clone(), at }));
    }
    Ok(verdict)
}

/// How far a chain has been found whole.
struct Reached<'a> {
    chain: &'a str,
    sequence: i64,
    mac: String,
}

impl Reached<'_> {
    /// Goes on by one event, or says where the chain breaks.
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

    /// Says where the chain breaks if its end is not the one that was sealed.
    fn ends_before(&self, key: &AuditKey, end: &ChainHead) -> Option<i64> {
        let seal = key.seal_of(self.chain, self.sequence, &self.mac);
        let is_sealed = bool::from(seal.as_bytes().ct_eq(end.head_seal.as_bytes()));
        if is_sealed { None } else { Some(self.sequence + 1) }
    }
}
