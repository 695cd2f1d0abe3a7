//! The audit trail: who did what, chained so that a changed or missing record shows. It must not know how to read a
//! secret: nothing that it records is one.

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

/// How many numbers of chains are tried, where somebody who can write to the database has taken them.
const MOST_TAKEN: usize = 100;

/// The longest part of a user agent that is recorded, in characters: it is whatever the caller sends.
const LONGEST_USER_AGENT: usize = 200;

/// Where a request came from, as its audit record keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// Where it came from; none for a command on the machine itself.
    pub address: Option<IpAddr>,
    /// How the browser names itself.
    pub user_agent: String,
    /// The id that the log has it under.
    pub request_id: String,
}

impl RequestContext {
    /// A command that the operator gave on the machine itself.
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

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor<'a> {
    Member(&'a MemberId),
    Operator,
    /// Somebody who was not recognised.
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

/// What was done or tried.
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
    /// The first event of a chain that was begun because the one before it was found broken.
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
            Self::AnnounceEmail => "profile.request_email_change",
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

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    WrongPassword,
    NotPermitted,
    /// The member or the account is disabled.
    Disabled,
    /// Somebody had reset the key since the page was shown.
    Stale,
    /// Too many wrong passwords came before: this one was not even checked.
    Throttled,
    /// What was asked for cannot be: there is no such member, or none would be left who is an admin.
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

/// What it was done to: an identifier or a kind of key, never a value.
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

    /// A member, with the permission or the role that is meant: `<id>/audit_log`.
    pub(crate) fn member_and(id: &MemberId, what: &str) -> Self {
        Self(format!("{}/{what}", id.as_str()))
    }

    /// Something that has an identifier of its own.
    pub(crate) fn of(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// A kind of key, with the generation that is meant: `api_key/3`.
    pub(crate) fn credential(kind: CredentialKind, generation: Generation) -> Self {
        Self(format!("{}/{}", kind.as_str(), generation.number()))
    }

    /// Kinds of key of which no generation is known: `api_key,bundle_key`.
    pub(crate) fn kinds(kinds: &[CredentialKind]) -> Self {
        Self(kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(","))
    }
}

/// An event to be recorded.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) actor: Actor<'a>,
    pub(crate) action: AuditAction,
    pub(crate) target: Target,
    pub(crate) outcome: Outcome,
    pub(crate) request_context: &'a RequestContext,
}

/// Begins the chain of an account, or that of the installation.
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

/// Records an event in the chain of an account, or in that of the installation. It commits or vanishes with what
/// the transaction does.
///
/// A chain whose end does not carry its seal is never sealed again: sealing it would make a trail that was cut look whole.
/// A new chain begins, whose first event says so, and the action goes on: whoever can write to the database must not be
/// able to keep a leaked key from being reset.
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

/// Begins a chain after one that was found broken or is gone.
async fn begin_anew(
    transaction: &mut Transaction,
    key: &AuditKey,
    owner: &str,
    broken: Option<ChainHead>,
    now: Timestamp,
) -> Result<ChainHead, StoreError> {
    let (number, found) = match &broken {
        Some(head) => (head.number, format!("{}/{}/{}", head.chain, head.sequence, head.last_mac)),
        // Chain 1 is gone. Its number is not given out again, so that `verify` sees that it is missing.
        None => (1, owner.to_owned()),
    };
    tracing::error!(
        owner,
        found,
        "the audit trail was changed; its records are closed as broken and new ones begin"
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

/// Begins the chain with the next number that is free: somebody who broke the one before may have taken some.
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

/// Adds an event behind the end of a chain. The answer is its new end; none where another event stands there already.
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
