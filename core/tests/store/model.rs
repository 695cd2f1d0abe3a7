//! Random sequences of changes by random people, beside a model that is as plain as can be: sets of words. Whatever the
//! two answer must be the same, and there is an admin at every moment.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        member::MemberId,
        permission::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
        role::RoleId,
    },
    members::MemberChange,
    reauthentication::ActionError,
    roles::ChangeRoles,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::collections::BTreeSet;

const PEOPLE: usize = 4;
const SEQUENCES: usize = 4;
const STEPS: usize = 30;

/// One step: somebody does something to somebody.
#[derive(Clone, Debug)]
struct Step {
    actor: usize,
    target: usize,
    deed: Deed,
}

#[derive(Clone, Debug)]
enum Deed {
    Grant(Permission),
    Revoke(Permission),
    /// By its place in [`ROLES`]; none where it is beyond.
    Role(usize),
    Disable,
    Enable,
    /// Gives the organisation's own role these permissions.
    EditRole(Vec<Permission>),
}

const ROLES: [&str; 4] = ["admin", "developer", "auditor", "own"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let permission = prop::sample::select(Permission::ALL.to_vec());
    let deed = prop_oneof![
        3 => permission.clone().prop_map(Deed::Grant),
        2 => permission.prop_map(Deed::Revoke),
        4 => (0..=ROLES.len()).prop_map(Deed::Role),
        1 => Just(Deed::Disable),
        1 => Just(Deed::Enable),
        1 => prop::sample::subsequence(Permission::ALL.to_vec(), 0..=3).prop_map(Deed::EditRole),
    ];
    let step = (0..PEOPLE, 0..PEOPLE, deed).prop_map(|(actor, target, deed)| Step { actor, target, deed });
    prop::collection::vec(step, STEPS)
}

#[derive(Clone, Debug, Default)]
struct Someone {
    disabled: bool,
    role: Option<usize>,
    grants: BTreeSet<Permission>,
}

/// The reference. What it answers are the first words of the errors.
struct Model {
    people: Vec<Someone>,
    own_role: BTreeSet<Permission>,
}

impl Model {
    fn new() -> Self {
        let mut people = vec![Someone::default(); PEOPLE];
        people[0].role = Some(0);
        Self { people, own_role: BTreeSet::from([AuditLog]) }
    }

    fn permits(&self, role: Option<usize>) -> BTreeSet<Permission> {
        match role {
            Some(0) => Permission::ALL.into_iter().collect(),
            Some(1) => BTreeSet::from([ApiCredentialsManagement]),
            Some(2) => BTreeSet::from([AuditLog]),
            Some(3) => self.own_role.clone(),
            _ => BTreeSet::new(),
        }
    }

    fn may(&self, who: usize) -> BTreeSet<Permission> {
        self.permits(self.people[who].role).union(&self.people[who].grants).copied().collect()
    }

    fn active_admins(&self) -> usize {
        self.people.iter().filter(|someone| !someone.disabled && someone.role == Some(0)).count()
    }

    fn play(&mut self, step: &Step) -> &'static str {
        if self.people[step.actor].disabled {
            return "SignedOut";
        }
        let own = self.may(step.actor);
        if !own.contains(&MemberManagement) {
            return "NotPermitted";
        }
        if let Deed::EditRole(permissions) = &step.deed {
            let added = permissions.iter().any(|each| !self.own_role.contains(each) && !own.contains(each));
            if added {
                return "BeyondOwnPermissions";
            }
            self.own_role = permissions.iter().copied().collect();
            return "done";
        }
        let by_admin = self.people[step.actor].role == Some(0);
        let is_admin = self.people[step.target].role == Some(0);
        if is_admin && !by_admin {
            return "AdminsOnly";
        }
        let is_last = is_admin && !self.people[step.target].disabled && self.active_admins() == 1;
        let role = match step.deed {
            Deed::Role(role) => Some(role).filter(|role| *role < ROLES.len()),
            _ => None,
        };
        let given = match &step.deed {
            Deed::Grant(permission) => BTreeSet::from([*permission]),
            Deed::Role(_) => self.permits(role),
            Deed::Enable => self.may(step.target),
            _ => BTreeSet::new(),
        };
        if role == Some(0) && !by_admin {
            return "AdminsOnly";
        }
        if !given.is_subset(&own) {
            return "BeyondOwnPermissions";
        }
        let target = &mut self.people[step.target];
        match &step.deed {
            Deed::Role(_) if is_last && role != Some(0) => return "LastAdmin",
            Deed::Disable if is_last => return "LastAdmin",
            Deed::Grant(permission) => drop(target.grants.insert(*permission)),
            Deed::Revoke(permission) => drop(target.grants.remove(permission)),
            Deed::Role(_) => target.role = role,
            Deed::Disable => target.disabled = true,
            Deed::Enable => target.disabled = false,
            Deed::EditRole(_) => {}
        }
        "done"
    }
}

/// An organisation whose people are those of the model.
struct Cast {
    people: Vec<Person>,
    ids: Vec<MemberId>,
    own_role: RoleId,
}

impl Cast {
    async fn gather(installation: &Installation, sequence: usize) -> Self {
        let email = |number: usize| format!("person{number}.of{sequence}@example.org");
        let mut people = vec![installation.sign_up(&email(0)).await];
        for number in 1..PEOPLE {
            let person = installation.add(&people[0], &email(number), &[]).await;
            people.push(person);
        }
        let mut ids = Vec::new();
        for number in 0..PEOPLE {
            ids.push(installation.id(&people[0], &email(number)).await);
        }
        let name = claviger_core::domain::role::RoleName::parse("Own").unwrap();
        installation.change_roles(&mut people[0], ChangeRoles::create(name, set(&[AuditLog]))).await.unwrap();
        let own_role = installation.role(&people[0], "Own").await;
        Self { people, ids, own_role }
    }

    async fn play(&mut self, installation: &Installation, step: &Step) -> &'static str {
        let (actor, target) = (&mut self.people[step.actor], &self.ids[step.target]);
        let change = match &step.deed {
            Deed::Grant(permission) => MemberChange::Grant(*permission),
            Deed::Revoke(permission) => MemberChange::Revoke(*permission),
            Deed::Role(3) => MemberChange::SetRole(Some(self.own_role.clone())),
            Deed::Role(role) => MemberChange::SetRole(ROLES.get(*role).and_then(|id| RoleId::parse(id))),
            Deed::Disable => MemberChange::Disable,
            Deed::Enable => MemberChange::Enable,
            Deed::EditRole(permissions) => {
                let edit = ChangeRoles::edit(self.own_role.clone(), set(permissions));
                return word(installation.change_roles(actor, edit).await);
            }
        };
        word(installation.change(actor, target, change).await.map(|_| ()))
    }

    /// Whoever is enabled again signs in again, as people do.
    async fn sign_in_again(&mut self, installation: &Installation, who: usize) {
        let person = &mut self.people[who];
        let tokens = claviger_core::session::BrowserTokens::default();
        let signed_in = installation.sign_in(&person.email.clone(), PASSWORD, tokens).await.unwrap();
        person.keep(&signed_in);
    }

    /// Compares what everybody may do, as the first active admin sees it.
    async fn compare(&self, installation: &Installation, model: &Model, played: &[Step]) {
        let admin = model.people.iter().position(|someone| !someone.disabled && someone.role == Some(0));
        let admin = admin.unwrap_or_else(|| panic!("no admin is left after {played:?}"));
        let lines = installation.found(&self.people[admin], "", 1).await.members;
        for (number, id) in self.ids.iter().enumerate() {
            let line = lines.iter().find(|line| line.id == *id).unwrap();
            let granted = line.grants.iter().map(|grant| grant.permission);
            let may: BTreeSet<Permission> = line.by_role.iter().chain(granted).collect();
            assert_eq!(
                (may, line.is_active),
                (model.may(number), !model.people[number].disabled),
                "{played:?}"
            );
        }
    }
}

fn word(result: Result<(), ActionError>) -> &'static str {
    match result {
        Ok(()) => "done",
        Err(ActionError::SignedOut) => "SignedOut",
        Err(ActionError::NotPermitted { .. }) => "NotPermitted",
        Err(ActionError::AdminsOnly) => "AdminsOnly",
        Err(ActionError::BeyondOwnPermissions) => "BeyondOwnPermissions",
        Err(ActionError::LastAdmin) => "LastAdmin",
        Err(other) => panic!("{other:?}"),
    }
}

/// Always the same sequences: what fails once fails again.
fn sequences() -> Vec<Vec<Step>> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..SEQUENCES).map(|_| steps().new_tree(&mut runner).unwrap().current()).collect()
}

on_both_engines! {
    async fn whatever_is_changed_by_whomever_is_as_the_model_says(installation: Installation) {
        for (sequence, steps) in sequences().into_iter().enumerate() {
            let mut cast = Cast::gather(&installation, sequence).await;
            let mut model = Model::new();
            for (number, step) in steps.iter().enumerate() {
                let was_disabled = model.people[step.target].disabled;
                let (expected, answered) = (model.play(step), cast.play(&installation, step).await);
                assert_eq!(answered, expected, "{:?}", &steps[..=number]);
                if was_disabled && !model.people[step.target].disabled {
                    cast.sign_in_again(&installation, step.target).await;
                }
                cast.compare(&installation, &model, &steps[..=number]).await;
                // Nobody idles while the others go on.
                installation.clock.advance(std::time::Duration::from_secs(1));
            }
        }
    }
}
