//! `/api/…`: what each server function does. What all of them owe their callers is proved in `server_functions`.

use crate::support::{ADA, Answer, BOB, Browser, PASSWORD, TestApp, form};

mod credentials;
mod form_draft;
mod invitations;
mod member_changes;
mod members;
mod password_links;
mod profile;
mod registration;
mod reset_both_credentials;
mod reset_credential;
mod roles;
mod sign_in;
mod sign_out;
mod sign_up;
mod view_and_copy;
mod viewer;
