//! One account that floods what takes long does not keep the others waiting.

use crate::support::{PASSWORD, TestApp};
use axum::http::StatusCode;
use futures::future::join_all;
use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// As many connections as the flood was found with.
const CONNECTIONS: usize = 160;
/// How long a dialog of somebody else may take meanwhile.
const BEARABLE: Duration = Duration::from_secs(2);
/// Long enough to be judged, which takes longest, and refused.
const GUESSABLE: &str = "1234567890123456789012345678901234567890";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_password_changes_leaves_the_dialogs_of_others_quick() {
    let app = TestApp::start().await;
    let flooding = app.admin().await;
    let mut eve = app.browser();
    eve.sign_up("Other", "Eve", "eve@example.org", PASSWORD).await.expect_done();
    eve.learn_csrf().await;

    let over = AtomicBool::new(false);
    let (turned_away, judged) = (AtomicU32::new(0), AtomicU32::new(0));
    let flood = join_all((0..CONNECTIONS).map(|_| {
        let mut browser = flooding.clone();
        let (over, turned_away, judged) = (&over, &turned_away, &judged);
        async move {
            while !over.load(Ordering::Relaxed) {
                let fields = [("new_password", GUESSABLE), ("password", PASSWORD)];
                match browser.change("change_password", &fields).await.status {
                    StatusCode::SERVICE_UNAVAILABLE => turned_away.fetch_add(1, Ordering::Relaxed),
                    StatusCode::BAD_REQUEST => judged.fetch_add(1, Ordering::Relaxed),
                    status => panic!("{status}"),
                };
                tokio::task::yield_now().await;
            }
        }
    }));
    let dialogs = async {
        // Only once the flood has begun to be turned away is there something to be kept waiting by.
        while turned_away.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let mut slowest = Duration::ZERO;
        for _ in 0..5 {
            let begun = Instant::now();
            assert_eq!(eve.view_credential("api_key", PASSWORD).await.status, StatusCode::OK);
            slowest = slowest.max(begun.elapsed());
        }
        over.store(true, Ordering::Relaxed);
        slowest
    };
    let (_, slowest) = tokio::join!(flood, dialogs);
    assert!(slowest < BEARABLE, "{slowest:?}");
    assert!(judged.into_inner() > 0, "the flood was turned away altogether");
}
