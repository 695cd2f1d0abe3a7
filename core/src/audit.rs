//! The audit trail: who did what, chained so that a changed or missing record is detected. It must not know how to read
//! a secret: no record contains one.

mod chain;

pub(crate) use chain::{AuditKey, INSTALLATION, verify};
pub use chain::{AuditVerdict, BrokenChain};

use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
        member::MemberId,
    },
    store::{self, StoreError, Transaction, audit::ChainHead},
};
use std::net::IpAddr;

/// How many chain numbers are tried. An attacker who can write to the database may have used some of them.
const MOST_TAKEN: usize = 100;

/// The longest part of a user agent that is recorded, in characters. The caller can send any text.
const LONGEST_USER_AGENT: usize = 200;

/// The request context of an audit record: where the request came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's address; `None` for a command on the machine itself.
    pub address: Option<IpAddr>,
    /// The User-Agent of the browser.
    pub user_agent: String,
    /// The id of the request in the log.
    pub request_id: String,
}

impl RequestContext {
    /// The context of a command that the operator runs on the machine itself.
    #[must_use]
    pub fn operator() -> Self {
        Self { address: None, user_agent: "command line".to_owned(), request_id: String::new() }
    }

    pub(crate) fn address_text(&self) -> String {
        self.address.map(|address| address.to_canonical().to_string()).unwrap_or_default()
    }

    pub(crate) fn user_agent_text(&self) -> String {
        self.user_agent.chars().filter(|character| !character.is_control()).take(LONGEST_USER_AGENT).collect()
    }
}

/// The person who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor<'a> {
    Member(&'a MemberId),
    Operator,
    /// A person who was not authenticated.
    Unknown,
}

impl Actor<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Operator => "operator",
            Self::Unknown => "",
        }
    }
}

/// The action that was performed or attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuditAction {
    CreateAccount,
    RenameAccount,
    DisableAccount,
    EnableAccount,
    ChangeLimits,
    ChangeBundle,
    RemoveBundle,
    Invite,
    WithdrawInvitation,
    AddMember,
    GrantPermission,
    RevokePermission,
    ChangeRole,
    DisableMember,
    EnableMember,
    RemoveMember,
    EndSessions,
    UnlockMember,
    MakePasswordLink,
    CreateRole,
    EditRole,
    DeleteRole,
    SignIn,
    SignOut,
    EndSession,
    ChangeName,
    AnnounceEmail,
    ChangeEmail,
    ChangePassword,
    CreateCredential,
    ViewCredential,
    CopyCredential,
    ResetCredential,
    /// The first event of a chain that replaces a broken one.
    FindBrokenChain,
}

impl AuditAction {
    const fn as_str(self) -> &'static str {
        match self {
            Self::CreateAccount => "account.create",
            Self::RenameAccount => "account.rename",
            Self::DisableAccount => "account.disable",
            Self::EnableAccount => "account.enable",
            Self::ChangeLimits => "account.change_limits",
            Self::ChangeBundle => "bundle.change",
            Self::RemoveBundle => "bundle.remove",
            Self::Invite => "invitation.create",
            Self::WithdrawInvitation => "invitation.withdraw",
            Self::AddMember => "member.add",
            Self::GrantPermission => "permission.grant",
            Self::RevokePermission => "permission.revoke",
            Self::ChangeRole => "member.change_role",
            Self::DisableMember => "member.disable",
            Self::EnableMember => "member.enable",
            Self::RemoveMember => "member.remove",
            Self::EndSessions => "member.end_sessions",
            Self::UnlockMember => "member.unlock",
            Self::MakePasswordLink => "member.make_password_link",
            Self::CreateRole => "role.create",
            Self::EditRole => "role.edit",
            Self::DeleteRole => "role.delete",
            Self::SignIn => "session.sign_in",
            Self::SignOut => "session.sign_out",
            Self::EndSession => "session.end",
            Self::ChangeName => "profile.change_name",
            Self::AnnounceEmail => "profile.announce_email",
            Self::ChangeEmail => "profile.change_email",
            Self::ChangePassword => "profile.change_password",
            Self::CreateCredential => "credential.create",
            Self::ViewCredential => "credential.view",
            Self::CopyCredential => "credential.copy",
            Self::ResetCredential => "credential.reset",
            Self::FindBrokenChain => "audit.find_broken_chain",
        }
    }
}

/// The outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    WrongPassword,
    NotPermitted,
    /// The member or the account is disabled.
    Disabled,
    /// Another request had reset the key after the page was shown.
    Stale,
    /// After too many wrong passwords, the password of this attempt was not checked.
    Throttled,
    /// The action is impossible: the member does not exist, or no admin would be left.
    Impossible,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::WrongPassword => "wrong_password",
            Self::NotPermitted => "not_permitted",
            Self::Disabled => "disabled",
            Self::Stale => "stale",
            Self::Throttled => "throttled",
            Self::Impossible => "impossible",
        }
    }
}

/// The target of an action: an identifier or a kind of key, never a key's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(String);

impl Target {
    pub(crate) fn none() -> Self {
        Self(String::new())
    }

    pub(crate) fn account(id: &AccountId) -> Self {
        Self(id.as_str().to_owned())
    }

    pub(crate) fn member(id: &MemberId) -> Self {
        Self(id.as_str().to_owned())
    }

    /// A member, with the permission or the role that the action names: `<id>/audit_log`.
    pub(crate) fn member_and(id: &MemberId, what: &str) -> Self {
        Self(format!("{}/{what}", id.as_str()))
    }

    /// An object with an identifier of its own.
    pub(crate) fn of(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// A kind of key, with its generation: `api_key/3`.
    pub(crate) fn credential(kind: CredentialKind, generation: Generation) -> Self {
        Self(format!("{}/{}", kind.as_str(), generation.number()))
    }

    /// Kinds of key whose generation is not known: `api_key,bundle_key`.
    pub(crate) fn kinds(kinds: &[CredentialKind]) -> Self {
        Self(kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(","))
    }
}

/// An event to record.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) actor: Actor<'a>,
    pub(crate) action: AuditAction,
    pub(crate) target: Target,
    pub(crate) outcome: Outcome,
    pub(crate) request_context: &'a RequestContext,
}

/// Creates the first chain of an account, or of the installation.
pub(crate) async fn begin_chain(
    transaction: &mut Transaction,
    key: &AuditKey,
    account: Option<&AccountId>,
) -> Result<(), StoreError> {
    let owner = owner_of(account);
    let begun = store::audit::insert_chain(transaction, &key.empty_chain(owner, 1)).await?;
    if begun { Ok(()) } else { Err(StoreError::Damaged("audit_chain")) }
}

fn owner_of(account: Option<&AccountId>) -> &str {
    account.map_or(INSTALLATION, AccountId::as_str)
}

/// Records an event in the chain of an account, or of the installation. The event is saved only if the transaction
/// commits.
///
/// If the MAC of the chain's head is not valid, the head never gets a new MAC: with a valid one, a truncated trail
/// would look complete. Instead a new chain begins, whose first event records the broken chain, and the action
/// continues: an attacker who can write to the database must not be able to prevent the reset of a leaked key.
pub(crate) async fn record(
    transaction: &mut Transaction,
    key: &AuditKey,
    account: Option<&AccountId>,
    event: &Event<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let owner = owner_of(account);
    let head = store::audit::lock_head(transaction, owner).await?;
    if let Some(head) = &head
        && key.holds_head(head)
        && append(transaction, key, head, event, now).await?.is_some()
    {
        return Ok(());
    }
    let head = begin_anew(transaction, key, owner, head, now).await?;
    let appended = append(transaction, key, &head, event, now).await?;
    appended.map(|_| ()).ok_or(StoreError::Damaged("audit_event"))
}

/// Creates a new chain after one that is broken or missing.
async fn begin_anew(
    transaction: &mut Transaction,
    key: &AuditKey,
    owner: &str,
    broken: Option<ChainHead>,
    now: Timestamp,
) -> Result<ChainHead, StoreError> {
    let (number, found) = match &broken {
        Some(head) => (head.number, format!("{}/{}/{}", head.chain, head.sequence, head.last_mac)),
        // Chain 1 is missing. Its number is not used again, so that `verify` detects the missing chain.
        None => (1, owner.to_owned()),
    };
    tracing::error!(
        owner,
        found,
        "the audit trail was changed; this chain is closed as broken and a new one begins"
    );
    let head = begin_next(transaction, key, owner, number).await?;
    let event = Event {
        actor: Actor::Unknown,
        action: AuditAction::FindBrokenChain,
        target: Target::of(&found),
        outcome: Outcome::Done,
        request_context: &RequestContext {
            address: None,
            user_agent: String::new(),
            request_id: String::new(),
        },
    };
    append(transaction, key, &head, &event, now).await?.ok_or(StoreError::Damaged("audit_event"))
}

/// Creates a chain with the next free number: the attacker who broke the previous chain may have used some numbers.
async fn begin_next(
    transaction: &mut Transaction,
    key: &AuditKey,
    owner: &str,
    number: i64,
) -> Result<ChainHead, StoreError> {
    for next in (number.saturating_add(1)..).take(MOST_TAKEN) {
        let head = key.empty_chain(owner, next);
        if store::audit::insert_chain(transaction, &head).await? {
            return Ok(head);
        }
    }
    Err(StoreError::Damaged("audit_chain"))
}

/// Adds an event after the head of a chain. Returns the new head, or `None` if another event already has that number.
async fn append(
    transaction: &mut Transaction,
    key: &AuditKey,
    head: &ChainHead,
    event: &Event<'_>,
    now: Timestamp,
) -> Result<Option<ChainHead>, StoreError> {
    let chain = &head.chain;
    let mut row = store::audit::EventRow {
        sequence: head.sequence.checked_add(1).ok_or(StoreError::Damaged("audit_chain"))?,
        at: now.as_micros(),
        actor: event.actor.as_str().to_owned(),
        action: event.action.as_str().to_owned(),
        target: event.target.0.clone(),
        outcome: event.outcome.as_str().to_owned(),
        address: event.request_context.address_text(),
        user_agent: event.request_context.user_agent_text(),
        request_id: event.request_context.request_id.clone(),
        previous_mac: head.last_mac.clone(),
        mac: String::new(),
    };
    row.mac = key.mac_of(chain, &row);
    let head_seal = key.head_mac(chain, row.sequence, &row.mac);
    let appended = store::audit::append(transaction, chain, &row, &head_seal).await?;
    Ok(appended.then(|| ChainHead { sequence: row.sequence, last_mac: row.mac, head_seal, ..head.clone() }))
}
