//! Usage: what is counted, when it is written, and that no request is counted twice or lost.

use crate::{support::*, verification::*};
use claviger_core::{
    domain::credential::CredentialKind,
    use_cases::{
        credentials::Overview,
        usage::{DayOfUsage, Usage},
    },
    verification::{Presented, Reason},
};
use std::{net::IpAddr, time::Duration};

impl Installation {
    async fn usage(&self, person: &Person) -> Usage {
        let session = self.session(person).await.unwrap();
        match self.claviger.credentials(&session).await.unwrap() {
            Overview::Permitted { usage, .. } => usage,
            Overview::Refused { .. } => panic!("the credentials are refused"),
        }
    }

    async fn today(&self, person: &Person) -> DayOfUsage {
        self.usage(person).await.days.pop().unwrap()
    }
}

on_both_engines! {
    async fn requests_are_counted_by_how_they_ended(installation: Installation) {
        let (ada, pair) = installation.with_keys().await;
        for _ in 0..17 {
            let _ = installation.verify(&pair);
        }
        let swapped = Pair { api_key: pair.api_key.clone(), bundle_key: pair.api_key.clone() };
        let _ = installation.verify(&swapped);
        installation.claviger.write_usage().await.unwrap();
        let today = installation.today(&ada).await;
        assert_eq!(today.passed, 15);
        assert_eq!(today.refused, [("bundle_key_invalid".to_owned(), 1), ("rate_limited".to_owned(), 2)]);
        assert_eq!(today.refused_in_all(), 3);

        let _ = installation.verify(&swapped);
        installation.claviger.write_usage().await.unwrap();
        installation.claviger.write_usage().await.unwrap();
        assert_eq!(installation.today(&ada).await.refused_in_all(), 4);
    }

    async fn each_day_is_counted_by_itself_and_thirty_are_shown(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        installation.verify(&pair).unwrap();
        // Requests are counted before midnight and written after it.
        installation.clock.advance(Duration::from_secs(86_400));
        installation.verify(&pair).unwrap();
        installation.verify(&pair).unwrap();
        installation.claviger.write_usage().await.unwrap();
        ada.keep(&installation.sign_in(&ada.email.clone(), PASSWORD, ada.tokens()).await.unwrap());
        let days = installation.usage(&ada).await.days;
        assert_eq!(days.len(), 30);
        assert_eq!((days[28].passed, days[29].passed), (1, 2));
        assert!(days.windows(2).all(|pair| pair[0].day + 1 == pair[1].day));

        installation.clock.advance(Duration::from_secs(29 * 86_400));
        ada.keep(&installation.sign_in(&ada.email.clone(), PASSWORD, ada.tokens()).await.unwrap());
        let days = installation.usage(&ada).await.days;
        assert_eq!((days[0].passed, days[29].passed), (2, 0));
    }

    async fn a_key_says_when_it_was_last_used_and_from_where(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        assert!(installation.summaries(&ada).await.iter().all(|key| key.last_used().is_none()));
        installation.verify(&pair).unwrap();
        installation.clock.advance(Duration::from_secs(5));
        let address: IpAddr = "2001:db8::7".parse().unwrap();
        let other = Presented { api_key: Some(&pair.api_key), bundle_key: None, service: None, address };
        assert!(installation.claviger.verify(&other).is_err());
        installation.claviger.write_usage().await.unwrap();
        let keys = installation.summaries(&ada).await;
        let last = |kind| keys.iter().find(|key| key.kind == kind).unwrap().last_used().map(|(at, from)| (at, from.to_owned())).unwrap();
        let (api_key, bundle_key) = (last(CredentialKind::ApiKey), last(CredentialKind::BundleKey));
        assert_eq!((api_key.1.as_str(), bundle_key.1.as_str()), ("2001:db8::7", "203.0.113.9"));
        assert_eq!(api_key.0.since(bundle_key.0), Duration::from_secs(5));

        // If a use of the old key is written after the reset, it does not count as a use of the new key.
        installation.verify(&pair).unwrap();
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        installation.claviger.write_usage().await.unwrap();
        let keys = installation.summaries(&ada).await;
        assert!(keys[0].last_used().is_none() && keys[1].last_used().is_some());
    }

    async fn somebody_who_tries_an_old_key_shows_in_the_usage(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.verify(&pair).unwrap_err().reason, Reason::ApiKeyInvalid);
        installation.claviger.write_usage().await.unwrap();
        assert_eq!(installation.today(&ada).await.refused, [("api_key_invalid".to_owned(), 1)]);
    }

    async fn what_cannot_be_written_stays_counted(installation: Installation) {
        let (ada, pair) = installation.with_keys().await;
        installation.verify(&pair).unwrap();
        installation.tamper("ALTER TABLE usage_day RENAME TO usage_day_gone").await;
        assert!(installation.claviger.write_usage().await.is_err());
        installation.verify(&pair).unwrap();
        installation.tamper("ALTER TABLE usage_day_gone RENAME TO usage_day").await;
        installation.claviger.write_usage().await.unwrap();
        assert_eq!(installation.today(&ada).await.passed, 2);
        assert_eq!(installation.claviger.bundle("northwind").await.unwrap().unwrap().used, 2);
        assert_eq!(installation.count("SELECT used FROM bundle").await, 2);
    }

    async fn nothing_is_lost_or_counted_twice_while_it_is_written(installation: Installation) {
        let (ada, pair) = installation.with_keys().await;
        let asking: Vec<_> = (0..2).map(|_| {
            let (claviger, pair) = (installation.claviger.clone(), pair.clone());
            std::thread::spawn(move || for _ in 0..2_000 { let _ = pair.verify(&claviger); })
        }).collect();
        while asking.iter().any(|thread| !thread.is_finished()) {
            installation.claviger.write_usage().await.unwrap();
        }
        for thread in asking {
            thread.join().unwrap();
        }
        installation.claviger.write_usage().await.unwrap();
        let today = installation.today(&ada).await;
        assert_eq!((today.passed, today.refused_in_all()), (15, 3_985));
    }
}
