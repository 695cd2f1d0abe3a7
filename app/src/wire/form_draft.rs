//! The fields of a form that was refused, so that nothing has to be typed again. They never hold a password.

/// The kept fields of a refused form; empty where there is nothing to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FormDraft {
    pub organisation: String,
    pub name: String,
    pub email: String,
}
