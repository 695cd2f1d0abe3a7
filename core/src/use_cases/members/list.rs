//! The members of an organisation, as a member with Member management sees them.

use super::{EffectivePermissions, rules::effective_permissions};
use crate::{
    authentication::session::Session,
    claviger::Claviger,
    clock::Timestamp,
    domain::{
        credential::{CredentialKind, Generation},
        member::MemberId,
        permission::{Permission, Permissions},
        role::RoleId,
    },
    internal_error::InternalError,
    limits::throttle,
    store::{
        self, Connection, StoreError,
        invitation::InvitationLine,
        member_list::{self, Selection},
        role::Role,
    },
};
use unicode_normalization::UnicodeNormalization;

/// How many members a page shows, and how many invitations it shows.
const PAGE: u32 = 25;

/// The maximum length of a search text, in characters. The rest is cut off.
const LONGEST_SEARCH: usize = 100;

/// The part of the members list that a member may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembersOverview {
    /// The members.
    Permitted(Box<MembersPage>),
    /// Nothing, because the permission is missing.
    Refused {
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
}

/// One page of the members, with their details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersPage {
    /// The members on this page, sorted by name.
    pub members: Vec<MemberLine>,
    /// The number of members that match the search.
    pub found: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// The number of pages; 1 if no member was found.
    pub pages: u32,
    /// The roles that can be given.
    pub roles: Vec<RoleLine>,
    /// One page of the unused invitations, the newest first.
    pub invitations: Vec<InvitationLine>,
    /// The number of this page of invitations, from 1.
    pub invitation_page: u32,
    /// The number of pages of invitations, at least 1.
    pub invitation_pages: u32,
    /// Whether the viewing member is an admin.
    pub is_admin: bool,
    /// The permissions of the viewing member. They can give only these.
    pub own: Permissions,
    /// The current keys, if the viewing member may reset them; otherwise empty.
    pub keys: Vec<(CredentialKind, Generation)>,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberLine {
    /// The id of the member.
    pub id: MemberId,
    /// The name of the person.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// Whether this is the viewing member.
    pub is_self: bool,
    /// Whether the member may sign in.
    pub is_active: bool,
    /// Whether the next sign-in must wait, because too many wrong passwords were counted.
    pub is_waiting: bool,
    /// The role.
    pub role: Option<RoleId>,
    /// The permissions of the role.
    pub by_role: Permissions,
    /// The permissions that were granted in addition to the role.
    pub grants: Vec<Grant>,
    /// The current keys that the member has seen.
    pub seen: Vec<CredentialKind>,
    /// Whether the viewing member may change anything about this member.
    pub may_change: bool,
    /// Whether this is the last active admin, who must stay an admin.
    pub is_last_admin: bool,
}

/// One permission that was granted to a single member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The permission.
    pub permission: Permission,
    /// The name of the member who granted it.
    pub by: String,
    /// When it was granted.
    pub at: Timestamp,
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleLine {
    /// The role.
    pub role: Role,
    /// Whether the viewing member may give the role.
    pub may_give: bool,
}

impl Claviger {
    /// Returns one page of the members whose name or e-mail address contains a text. Pages count from 1; a number
    /// that is too high gives the last page.
    ///
    /// # Errors
    /// The members cannot be read.
    pub async fn members(
        &self,
        session: &Session,
        search: &str,
        page: u32,
        invitation_page: u32,
    ) -> Result<MembersOverview, InternalError> {
        let mut reader = self.database.reader().await?;
        let account = &session.account;
        let permission = Permission::MemberManagement;
        if !store::member::is_permitted(&mut reader, &session.member, permission).await? {
            let admins = store::member::admin_names(&mut reader, account).await?;
            return Ok(MembersOverview::Refused { admins });
        }
        let viewer = store::member::find(&mut reader, account, &session.member).await?;
        let viewer = viewer.ok_or(StoreError::Damaged("member"))?;
        let effective = effective_permissions(&mut reader, account, &session.member, &viewer).await?;
        let roles = store::role::list(&mut reader, account).await?;
        let pattern = pattern(search);
        let found = member_list::count(&mut reader, account, &pattern).await?;
        let (page, pages) = page_of(page, found);
        let unused = store::invitation::count_unused(&mut reader, account).await?;
        let (invitation_page, invitation_pages) = page_of(invitation_page, unused);
        let shown = (i64::from(PAGE), offset_of(invitation_page));
        let selection = Selection {
            account,
            pattern: &pattern,
            limit: i64::from(PAGE),
            offset: offset_of(page),
            failures_since: self.now().before(throttle::REMEMBERED),
            unknown_devices: throttle::ALL_UNKNOWN_DEVICES,
        };
        let members = lines(&mut reader, &selection, session, effective, &roles).await?;
        let roles = roles.into_iter().map(|role| RoleLine { may_give: may_give(effective, &role), role });
        Ok(MembersOverview::Permitted(Box::new(MembersPage {
            members,
            found,
            page,
            pages,
            roles: roles.collect(),
            invitations: store::invitation::list(&mut reader, account, self.now(), shown).await?,
            invitation_page,
            invitation_pages,
            is_admin: effective.is_admin,
            own: effective.permissions,
            keys: resettable_keys(&mut reader, session, effective).await?,
        })))
    }
}

/// Returns the page to show for the requested page, and the number of pages.
fn page_of(asked: u32, found: u64) -> (u32, u32) {
    let pages = u32::try_from(found.div_ceil(u64::from(PAGE))).unwrap_or(u32::MAX).max(1);
    (asked.clamp(1, pages), pages)
}

fn offset_of(page: u32) -> i64 {
    i64::from(PAGE) * i64::from(page - 1)
}

async fn resettable_keys(
    connection: &mut Connection,
    session: &Session,
    effective: EffectivePermissions,
) -> Result<Vec<(CredentialKind, Generation)>, StoreError> {
    if !effective.permissions.contains(Permission::ApiCredentialsManagement) {
        return Ok(Vec::new());
    }
    let keys = store::credential::summaries(connection, &session.account).await?;
    Ok(keys.into_iter().map(|key| (key.kind, key.generation)).collect())
}

fn may_give(effective: EffectivePermissions, role: &Role) -> bool {
    effective.permissions.includes(role.permissions) && (effective.is_admin || !role.id.is_admin())
}

async fn lines(
    connection: &mut Connection,
    selection: &Selection<'_>,
    session: &Session,
    effective: EffectivePermissions,
    roles: &[Role],
) -> Result<Vec<MemberLine>, StoreError> {
    let rows = member_list::page(connection, selection).await?;
    let mut grants = member_list::grants(connection, selection).await?;
    grants.sort_by_key(|grant| grant.permission);
    let seen = member_list::who_has_seen_current_keys(connection, selection.account).await?;
    let one_admin = store::member::admin_names(connection, selection.account).await?.len() == 1;
    Ok(rows
        .into_iter()
        .map(|row| {
            let role = roles.iter().find(|role| row.role.as_ref() == Some(&role.id));
            let is_admin = role.is_some_and(|role| role.id.is_admin());
            MemberLine {
                is_self: row.id == session.member,
                is_waiting: throttle::waits(row.failures_of_one_source, row.failures_of_unknown_devices),
                by_role: role.map_or_else(Permissions::default, |role| role.permissions),
                grants: grants
                    .iter()
                    .filter(|grant| grant.member == row.id)
                    .map(|grant| Grant {
                        permission: grant.permission,
                        by: grant.granted_by.clone(),
                        at: grant.granted_at,
                    })
                    .collect(),
                seen: seen.iter().filter(|(member, _)| *member == row.id).map(|(_, kind)| *kind).collect(),
                may_change: effective.is_admin || !is_admin,
                is_last_admin: is_admin && row.is_active && one_admin,
                id: row.id,
                name: row.name,
                email: row.email,
                is_active: row.is_active,
                role: row.role,
            }
        })
        .collect())
}

/// The `LIKE` pattern that finds the text anywhere: case-folded as the columns are, and with its wildcards escaped.
fn pattern(search: &str) -> String {
    let mut pattern = "%".to_owned();
    // Composed (NFC), as the stored names are.
    let folded = search.trim().nfc().take(LONGEST_SEARCH).collect::<String>().to_lowercase();
    for character in folded.chars().filter(|character| !character.is_control()) {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_nothing_for_a_wildcard() {
        assert_eq!(pattern(" Ada_L%!\0 "), "%ada!_l!%!!%");
        assert_eq!(pattern(""), "%%");
        assert_eq!(pattern("O\u{308}zge"), pattern("ÖZGE"));
        assert_eq!(pattern(&"x".repeat(500)).len(), LONGEST_SEARCH + 2);
    }
}
