//! Invitations and links to choose a new password.

use crate::{people::*, support::*};
use claviger_core::{
    credentials::Overview,
    domain::{
        invitation::{INVITATION, PASSWORD_LINK},
        permission::Permission,
        role::RoleId,
    },
    links::LinkError,
    members::MemberChange,
    password::PasswordError,
    reauthentication::ActionError,
    session::{BrowserTokens, SignedIn},
    sign_up::{EmailProblem, FieldErrors},
};
use std::time::Duration;

const ADA: &str = "ada@example.org";
const GRACE: &str = "grace@example.org";

impl Installation {
    async fn join(&self, token: &str, password: &str) -> Result<SignedIn, LinkError> {
        self.claviger.join(token, password, BrowserTokens::default(), &circumstances()).await
    }

    async fn choose(&self, token: &str, password: &str) -> Result<SignedIn, LinkError> {
        self.claviger.choose_password(token, password, BrowserTokens::default(), &circumstances()).await
    }
}

on_both_engines! {
    async fn an_invitation_makes_a_member_who_may_do_nothing_once(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        assert!(!installation.dump().await.contains(&token), "only a hash is stored");
        let open = installation.claviger.invitation(&token).await.unwrap();
        assert_eq!((open.organisation.as_str(), open.email.as_str()), ("Northwind", GRACE));
        let signed_in = installation.join(&token, PASSWORD).await.unwrap();
        let session = installation.claviger.session(Some(signed_in.session_token.expose())).await.unwrap();
        let overview = installation.claviger.credentials(&session).await.unwrap();
        assert!(matches!(overview, Overview::Refused { .. }));
        assert!(matches!(installation.join(&token, PASSWORD).await, Err(LinkError::Unusable)));
        assert!(installation.found(&ada, "", 1).await.invitations.is_empty());
    }

    async fn an_invitation_works_for_seven_days(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.clock.advance(INVITATION - Duration::from_micros(1));
        installation.claviger.invitation(&token).await.unwrap();
        installation.clock.advance(Duration::from_micros(1));
        assert!(matches!(installation.claviger.invitation(&token).await, Err(LinkError::Unusable)));
        assert!(matches!(installation.join(&token, PASSWORD).await, Err(LinkError::Unusable)));
    }

    async fn a_newer_invitation_takes_the_place_of_the_older(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let old = installation.invite(&ada, GRACE).await.unwrap();
        let new = installation.invite(&ada, "GRACE@example.org").await.unwrap();
        assert!(matches!(installation.join(&old, PASSWORD).await, Err(LinkError::Unusable)));
        installation.join(&new, PASSWORD).await.unwrap();
    }

    async fn an_invitation_is_as_good_as_its_inviter(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let manager = installation.add(&ada, "m@example.org", &[Permission::MemberManagement]).await;
        let token = installation.invite(&manager, GRACE).await.unwrap();
        let id = installation.id(&ada, "m@example.org").await;
        let revoke = MemberChange::Revoke(Permission::MemberManagement);
        installation.change(&mut ada, &id, revoke).await.unwrap();
        assert!(matches!(installation.join(&token, PASSWORD).await, Err(LinkError::Unusable)));
        let refused = installation.invite(&manager, GRACE).await;
        assert!(matches!(refused, Err(ActionError::NotPermitted { .. })));
    }

    async fn of_two_who_join_by_one_link_one_becomes_a_member(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let (one, other) = tokio::join!(installation.join(&token, PASSWORD), installation.join(&token, OTHER));
        assert!(one.is_ok() != other.is_ok());
        assert_eq!(installation.found(&ada, "", 1).await.found, 2);
    }

    async fn an_address_of_another_organisation_is_told_by_the_link_only(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.sign_up(GRACE).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        assert!(installation.claviger.invitation(&token).await.unwrap().email_is_taken);
        let taken = FieldErrors { email: Some(EmailProblem::Taken), ..FieldErrors::default() };
        let refused = installation.join(&token, PASSWORD).await;
        assert!(matches!(refused, Err(LinkError::Invalid(errors)) if errors == taken));
        let own = installation.invite(&ada, ADA).await;
        assert!(matches!(own, Err(ActionError::Invalid(errors)) if errors == taken));
    }

    async fn a_password_made_of_the_names_is_refused_and_the_link_goes_on_working(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let refused = installation.join(&token, "northwind grace hopper").await;
        let made_of_names = Some(PasswordError::MadeOfNames);
        assert!(matches!(refused, Err(LinkError::Invalid(errors)) if errors.password == made_of_names));
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn nobody_sends_thousands_of_invitations(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let mut made = 0;
        let refused = loop {
            match installation.invite(&ada, &format!("somebody{made}@example.org")).await {
                Ok(_) => made += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, ActionError::Throttled(_)), "{refused:?}");
        // The sign-up came from the same address.
        assert_eq!(made, 119);
    }

    async fn a_password_link_works_once_and_ends_what_was_before(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        let old = installation.change(&mut ada, &id, MemberChange::MakePasswordLink).await.unwrap().unwrap();
        let link = installation.change(&mut ada, &id, MemberChange::MakePasswordLink).await.unwrap().unwrap();
        assert!(!installation.dump().await.contains(link.expose()), "only a hash is stored");
        assert!(matches!(installation.choose(old.expose(), OTHER).await, Err(LinkError::Unusable)));
        assert_eq!(installation.claviger.password_link(link.expose()).await.unwrap().email, GRACE);
        installation.choose(link.expose(), OTHER).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.sign_in(GRACE, PASSWORD, BrowserTokens::default()).await.is_err());
        installation.sign_in(GRACE, OTHER, BrowserTokens::default()).await.unwrap();
        assert!(matches!(installation.choose(link.expose(), PASSWORD).await, Err(LinkError::Unusable)));
    }

    async fn a_password_link_works_for_a_day_and_ends_a_wait(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.add(&ada, GRACE, &[]).await;
        for _ in 0..6 {
            let _ = installation.sign_in(GRACE, WRONG, BrowserTokens::default()).await;
        }
        let link = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.clock.advance(PASSWORD_LINK - Duration::from_micros(1));
        installation.claviger.password_link(link.expose()).await.unwrap();
        installation.choose(link.expose(), OTHER).await.unwrap();
        installation.sign_in(GRACE, OTHER, BrowserTokens::default()).await.unwrap();

        let late = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.clock.advance(PASSWORD_LINK);
        assert!(matches!(installation.choose(late.expose(), PASSWORD).await, Err(LinkError::Unusable)));
    }

    async fn a_password_link_is_as_good_as_its_maker(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut second = installation.add(&ada, "second@example.org", &[]).await;
        installation.add(&ada, GRACE, &[]).await;
        let (seconds, graces) =
            (installation.id(&ada, "second@example.org").await, installation.id(&ada, GRACE).await);
        let admin = MemberChange::SetRole(Some(RoleId::admin()));
        installation.change(&mut ada, &seconds, admin).await.unwrap();
        let link = installation.change(&mut second, &graces, MemberChange::MakePasswordLink).await.unwrap();
        installation.change(&mut ada, &seconds, MemberChange::SetRole(None)).await.unwrap();
        let refused = installation.choose(link.unwrap().expose(), OTHER).await;
        assert!(matches!(refused, Err(LinkError::Unusable)));
    }
}
