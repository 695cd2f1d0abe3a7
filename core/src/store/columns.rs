//! Conversions from columns to the newtypes of the domain, so that rows can derive `FromRow`. It must not know any
//! table.

use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        bundle::BundleId,
        credential::{CredentialId, CredentialKind, Generation},
        invitation::InvitationId,
        member::MemberId,
        permission::Permission,
        role::RoleId,
        session::SessionId,
    },
    password::PasswordHash,
};
use sqlx::{
    Any, Decode, Type,
    any::{AnyTypeInfo, AnyValueRef},
    error::BoxDynError,
};

/// Reads a type from a column of another type, with a function that can reject the value.
macro_rules! column {
    ($($type:ty: $stored:ty => $read:expr;)*) => {$(
        impl Type<Any> for $type {
            fn type_info() -> AnyTypeInfo {
                <$stored as Type<Any>>::type_info()
            }

            fn compatible(found: &AnyTypeInfo) -> bool {
                <$stored as Type<Any>>::compatible(found)
            }
        }

        impl Decode<'_, Any> for $type {
            fn decode(value: AnyValueRef<'_>) -> Result<Self, BoxDynError> {
                let read: fn($stored) -> Option<Self> = $read;
                read(<$stored as Decode<'_, Any>>::decode(value)?).ok_or_else(|| "this program never writes such a value".into())
            }
        }
    )*};
}

column! {
    AccountId: String => |text| Some(Self::from_stored(text));
    BundleId: String => |text| Some(Self::from_stored(text));
    CredentialId: String => |text| Some(Self::from_stored(text));
    InvitationId: String => |text| Some(Self::from_stored(text));
    MemberId: String => |text| Some(Self::from_stored(text));
    RoleId: String => |text| Some(Self::from_stored(text));
    SessionId: String => |text| Some(Self::from_stored(text));
    PasswordHash: String => |text| Some(Self::from_stored(text));
    Shared<CredentialKind>: String => |name| CredentialKind::parse(&name).map(Self);
    Shared<Permission>: String => |name| Permission::parse(&name).map(Self);
    Shared<Generation>: i64 => |number| u32::try_from(number).ok().map(Generation::new).map(Self);
    Timestamp: i64 => |micros| Some(Self::from_micros(micros));
    Flag: i64 => |number| Some(Self(number > 0));
}

/// A type of `claviger-types`, a crate that knows no database. Rust does not allow this crate to implement the traits of
/// sqlx for such a type itself.
#[derive(Clone, Copy, Debug)]
pub struct Shared<T>(pub(super) T);

impl From<Shared<CredentialKind>> for CredentialKind {
    fn from(column: Shared<CredentialKind>) -> Self {
        column.0
    }
}

impl From<Shared<Permission>> for Permission {
    fn from(column: Shared<Permission>) -> Self {
        column.0
    }
}

impl From<Shared<Generation>> for Generation {
    fn from(column: Shared<Generation>) -> Self {
        column.0
    }
}

/// A condition. Both engines return a number, 0 if it is false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag(bool);

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0
    }
}
