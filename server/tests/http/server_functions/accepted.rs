//! The forms of the table are accepted when nothing is wrong with them; else the refusals would prove little.

use super::{
    failures::Failures,
    forms::Filled,
    prepared::Prepared,
    table::{Demands, server_functions},
};
use crate::support::HERE;
use axum::http::StatusCode;

#[tokio::test]
async fn the_form_of_a_page_of_this_installation_is_accepted() -> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in server_functions() {
        let app = prepared.app().await;
        let admin = prepared.admin(&app);
        let form = Filled::new(function, prepared, &admin);
        let before = app.dump(&[]).await;
        let answer = form.send_with_headers(&app, &admin, &[("origin", HERE)]).await;
        failures.note(function, "from an admin", answer.is_status(StatusCode::OK));
        if !function.demands_form_token() && function.demands_session() {
            let changed = app.dump(&[]).await != before;
            let outcome = if changed { Err("it changes something".to_owned()) } else { Ok(()) };
            failures.note(function, "without a form token", outcome);
        }
    }
    failures.none()
}

#[tokio::test]
async fn a_function_that_demands_nothing_accepts_a_form_of_somebody_who_is_signed_out() -> Result<(), Failures>
{
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in server_functions().filter(|function| function.demands == Demands::Nothing) {
        let app = prepared.app().await;
        let admin = prepared.admin(&app);
        let form = Filled::new(function, prepared, &admin);
        let answer = form.call(&mut app.browser()).await;
        failures.note(function, "signed out", answer.is_status(StatusCode::OK));
    }
    failures.none()
}
