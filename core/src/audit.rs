//! The audit trail: who did what, chained so that a changed or missing record shows. It must not know how to read a
//! secret: nothing that it records is one.

mod chain;

pub(crate) use chain::{AuditKey, verify};
pub use chain::{AuditVerdict, BrokenChain};

use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
        member::MemberId,
    },
    store::{self, StoreError, Transaction},
};
use std::net::IpAddr;

/// The chain of the events of no account.
pub(crate) const INSTALLATION: &str = "installation";

/// The longest part of a user agent that is recorded, in characters: it is whatever the caller sends.
const LONGEST_USER_AGENT: usize = 200;

/// The circumstances of a request, as its audit record keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Where it came from; none for a command on the machine itself.
    pub address: Option<IpAddr>,
    /// How the browser names itself.
    pub user_agent: String,
    /// The id that the log has it under.
    pub request_id: String,
}

impl Circumstances {
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
    pub(crate) circumstances: &'a Circumstances,
}

/// Begins the chain of an account, or that of the installation.
pub(crate) async fn begin_chain(
    transaction: &mut Transaction,
    key: &AuditKey,
    account: Option<&AccountId>,
) -> Result<(), StoreError> {
    let chain = chain_of(account);
    store::audit::insert_chain(transaction, chain, &key.seal_of(chain, 0, "")).await
}

fn chain_of(account: Option<&AccountId>) -> &str {
    account.map_or(INSTALLATION, AccountId::as_str)
}

/// Records an event in the chain of an account, or in that of the installation. It commits or vanishes with what
/// the transaction does.
pub(crate) async fn record(
    transaction: &mut Transaction,
    key: &AuditKey,
    account: Option<&AccountId>,
    event: &Event<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let chain = chain_of(account);
    let head = store::audit::lock_head(transaction, chain).await?;
    let mut row = store::audit::EventRow {
        sequence: head.sequence + 1,
        at: now.as_micros(),
        actor: event.actor.as_str().to_owned(),
        action: event.action.as_str().to_owned(),
        target: event.target.0.clone(),
        outcome: event.outcome.as_str().to_owned(),
        address: event.circumstances.address_text(),
        user_agent: event.circumstances.user_agent_text(),
        request_id: event.circumstances.request_id.clone(),
        previous_mac: head.last_mac,
        mac: String::new(),
    };
    row.mac = key.mac_of(chain, &row);
    let seal = key.seal_of(chain, row.sequence, &row.mac);
    store::audit::append(transaction, chain, &row, &seal).await
}
