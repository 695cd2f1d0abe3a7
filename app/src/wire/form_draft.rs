//! The fields of a form that the server refused, so that the visitor does not have to type them again. They never hold a
//! password.

/// The kept fields of a refused form. They are empty if there is nothing to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FormDraft {
    pub organisation: String,
    pub name: String,
    pub email: String,
}
