//! The reasons in answers below `/v1` for refusing a request: a closed list, which the OpenAPI document contains in
//! full.

use claviger_core::verification::Reason;
use serde::{Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// Why a request was refused: by the core, or because it is malformed or not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProblemReason {
    /// The core refused the request.
    Refused(Reason),
    /// The request is malformed.
    Malformed,
    /// The path does not exist.
    NotFound,
    /// The path does not allow the method.
    MethodNotAllowed,
}

impl ProblemReason {
    /// The reasons that do not come from the core.
    const OF_HTTP: [Self; 3] = [Self::Malformed, Self::NotFound, Self::MethodNotAllowed];

    fn all() -> impl Iterator<Item = Self> {
        Reason::ALL.into_iter().map(Self::Refused).chain(Self::OF_HTTP)
    }

    /// The name of the reason in answers, in metrics and in the log.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Refused(reason) => reason.as_str(),
            Self::Malformed => "request_malformed",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
        }
    }
}

impl Serialize for ProblemReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl PartialSchema for ProblemReason {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Why a request was refused. The guide of the installation explains each."))
            .enum_values(Some(Self::all().map(Self::as_str)))
            .into()
    }
}

impl ToSchema for ProblemReason {
    fn name() -> std::borrow::Cow<'static, str> {
        "Reason".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_lists_every_reason_once() {
        let RefOr::T(Schema::Object(schema)) = ProblemReason::schema() else {
            panic!("the schema is no object")
        };
        let listed = schema.enum_values.unwrap();
        for reason in Reason::ALL {
            let times = listed.iter().filter(|word| *word == reason.as_str()).count();
            assert_eq!(times, 1, "{} is listed {times} times", reason.as_str());
        }
        assert_eq!(listed[Reason::ALL.len()..], ["request_malformed", "not_found", "method_not_allowed"]);
    }
}
