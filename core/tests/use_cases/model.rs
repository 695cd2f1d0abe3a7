//! Random sequences of changes by random people, compared with a model that is as simple as possible: sets of words.
//! Both must give the same answers, and there must be an admin at every moment.
//!
//! The sequences are the same each time. `PROPTEST_RNG_SEED` selects other sequences; `PROPTEST_CASES` sets their
//! number.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        member::MemberId,
        permission::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
        role::RoleId,
    },
    reauthentication::ActionError,
    use_cases::{credentials::Overview, members::MemberChange, roles::ChangeRoles},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestCaseResult, TestRunner},
};
use std::{cell::Cell, collections::BTreeSet, time::Duration};
use tokio::{runtime::Handle, task::block_in_place};

const PEOPLE: usize = 4;
const SEQUENCES: u32 = 12;
const STEPS: usize = 25;
const ROLES: [&str; 4] = ["admin", "developer", "auditor", "own"];

/// One step: one person changes another person, or themselves.
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
    /// Sets the role at this index of [`ROLES`]; no role if the index is out of range.
    Role(usize),
    Disable,
    Enable,
    Remove,
    /// Gives the organisation's own role these permissions.
    EditRole(Vec<Permission>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let permission = prop::sample::select(Permission::ALL.to_vec());
    let deed = prop_oneof![
        6 => permission.clone().prop_map(Deed::Grant),
        4 => permission.prop_map(Deed::Revoke),
        8 => (0..=ROLES.len()).prop_map(Deed::Role),
        2 => Just(Deed::Disable),
        3 => Just(Deed::Enable),
        1 => Just(Deed::Remove),
        2 => prop::sample::subsequence(Permission::ALL.to_vec(), 0..=3).prop_map(Deed::EditRole),
    ];
    // The first person, who begins as the only admin, acts more often. Otherwise most steps would be refused.
    let actor = prop_oneof![1 => Just(0), 2 => 0..PEOPLE];
    let step = (actor, 0..PEOPLE, deed).prop_map(|(actor, target, deed)| Step { actor, target, deed });
    prop::collection::vec(step, 1..=STEPS)
}

#[derive(Clone, Debug, Default)]
struct Someone {
    disabled: bool,
    removed: bool,
    role: Option<usize>,
    grants: BTreeSet<Permission>,
}

impl Someone {
    fn is_active(&self) -> bool {
        !self.disabled && !self.removed
    }
}

/// The reference model. Its answers are the names of the errors.
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
            Some(0) => BTreeSet::from(Permission::ALL),
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
        self.people.iter().filter(|someone| someone.is_active() && someone.role == Some(0)).count()
    }

    fn play(&mut self, step: &Step) -> &'static str {
        let own = self.may(step.actor);
        if !self.people[step.actor].is_active() {
            return "SignedOut";
        }
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
        if self.people[step.target].removed {
            return "Gone";
        }
        let by_admin = self.people[step.actor].role == Some(0);
        let is_admin = self.people[step.target].role == Some(0);
        let role = match step.deed {
            Deed::Role(role) => Some(role).filter(|role| *role < ROLES.len()),
            _ => None,
        };
        if !by_admin && (is_admin || role == Some(0)) {
            return "AdminsOnly";
        }
        let given = match &step.deed {
            Deed::Grant(permission) => BTreeSet::from([*permission]),
            Deed::Role(_) => self.permits(role),
            Deed::Enable => self.may(step.target),
            _ => BTreeSet::new(),
        };
        if !given.is_subset(&own) {
            return "BeyondOwnPermissions";
        }
        let before = self.people[step.target].clone();
        let target = &mut self.people[step.target];
        match &step.deed {
            Deed::Grant(permission) => drop(target.grants.insert(*permission)),
            Deed::Revoke(permission) => drop(target.grants.remove(permission)),
            Deed::Role(_) => target.role = role,
            Deed::Disable => target.disabled = true,
            Deed::Enable => target.disabled = false,
            Deed::Remove => *target = Someone { removed: true, ..Someone::default() },
            Deed::EditRole(_) => {}
        }
        if self.active_admins() == 0 {
            self.people[step.target] = before;
            return "LastAdmin";
        }
        "done"
    }
}

/// An organisation with the people of the model.
struct Cast {
    people: Vec<Person>,
    ids: Vec<MemberId>,
    own_role: RoleId,
}

impl Cast {
    async fn gather(installation: &Installation, sequence: u32) -> Self {
        let email = |number: usize| format!("person{number}.of{sequence}@example.org");
        let mut people = vec![installation.sign_up(&email(0)).await];
        for number in 1..PEOPLE {
            let person = installation.add(&people[0], &email(number), &[]).await;
            people.push(person);
        }
        let mut ids = Vec::new();
        for person in &people {
            ids.push(installation.id(&people[0], &person.email).await);
        }
        installation.change_roles(&mut people[0], create("Own", &[AuditLog])).await.unwrap();
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
            Deed::Remove => MemberChange::Remove,
            Deed::EditRole(permissions) => {
                let edit = ChangeRoles::edit(self.own_role.clone(), set(permissions));
                return name(installation.change_roles(actor, edit).await);
            }
        };
        name(installation.change(actor, target, change).await.map(|_| ()))
    }

    /// Compares everybody's permissions in the model with those that an admin sees and those that each person sees.
    async fn compare(&self, installation: &Installation, model: &Model) -> TestCaseResult {
        let admin = model.people.iter().position(|someone| someone.is_active() && someone.role == Some(0));
        let lines = installation.found(&self.people[admin.unwrap()], "", 1).await.members;
        for (number, (someone, id)) in model.people.iter().zip(&self.ids).enumerate() {
            let expected = (!someone.removed).then(|| (model.may(number), !someone.disabled));
            let found = lines.iter().find(|line| line.id == *id).map(|line| {
                let granted = line.grants.iter().map(|grant| grant.permission);
                (line.by_role.iter().chain(granted).collect(), line.is_active)
            });
            prop_assert_eq!(found, expected, "what the list tells of person {}", number);

            let session = installation.session(&self.people[number]).await.ok();
            prop_assert_eq!(session.is_some(), someone.is_active(), "the session of person {}", number);
            if let Some(session) = session {
                let overview = installation.claviger.credentials(&session).await.unwrap();
                let sees = matches!(overview, Overview::Permitted { .. });
                let may = model.may(number).contains(&ApiCredentialsManagement);
                prop_assert_eq!(sees, may, "the keys before person {}", number);
            }
        }
        Ok(())
    }
}

fn name(result: Result<(), ActionError>) -> &'static str {
    match result {
        Ok(()) => "done",
        Err(ActionError::SignedOut) => "SignedOut",
        Err(ActionError::NotPermitted { .. }) => "NotPermitted",
        Err(ActionError::AdminsOnly) => "AdminsOnly",
        Err(ActionError::BeyondOwnPermissions) => "BeyondOwnPermissions",
        Err(ActionError::LastAdmin) => "LastAdmin",
        Err(ActionError::Gone) => "Gone",
        Err(other) => panic!("{other:?}"),
    }
}

const WITHOUT_ADMIN: &str = "SELECT COUNT(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM member m \
                             WHERE m.account_id = a.id AND m.role_id = 'admin' AND m.status = 'active')";

async fn play(installation: &Installation, steps: &[Step], sequence: u32) -> TestCaseResult {
    let (mut cast, mut model) = (Cast::gather(installation, sequence).await, Model::new());
    for (number, step) in steps.iter().enumerate() {
        let was_disabled = model.people[step.target].disabled;
        let (expected, answered) = (model.play(step), cast.play(installation, step).await);
        prop_assert_eq!(answered, expected, "step {}: {:?}", number, step);
        prop_assert_eq!(installation.count(WITHOUT_ADMIN).await, 0, "step {}: no admin is left", number);
        if was_disabled && model.people[step.target].is_active() {
            let back = &mut cast.people[step.target];
            back.keep(&installation.sign_in(&back.email.clone(), PASSWORD, NEW_DEVICE).await.unwrap());
        }
        cast.compare(installation, &model).await?;
        installation.clock.advance(Duration::from_secs(1));
    }
    Ok(())
}

fn config() -> Config {
    let asked = Config::default();
    let seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { asked.rng_seed };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { SEQUENCES };
    Config { cases, rng_seed: seed, max_shrink_iters: 64, failure_persistence: None, ..asked }
}

on_both_engines! {
    async fn whatever_is_changed_by_whomever_is_as_the_model_says(installation: Installation) {
        let sequence = Cell::new(0);
        let played = block_in_place(|| {
            TestRunner::new(config()).run(&steps(), |steps| {
                sequence.set(sequence.get() + 1);
                Handle::current().block_on(play(&installation, &steps, sequence.get()))
            })
        });
        played.unwrap_or_else(|failure| panic!("{failure}"));
    }
}
