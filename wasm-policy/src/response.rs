//! What the policy answers.

use std::collections::BTreeMap;

use migfit::problem::Problem;
use serde_json::{Map, Value};

use crate::message;

/// A Kubewarden validation response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Whether the object may be stored.
    pub accepted: bool,
    /// Why not.
    pub message: Option<String>,
    /// What the user is told besides, one line each.
    pub warnings: Vec<String>,
    /// Figures for the audit log.
    pub audit_annotations: BTreeMap<&'static str, String>,
}

impl Response {
    /// Accepts without a word.
    #[must_use]
    pub fn accept() -> Response {
        Response { accepted: true, ..Response::default() }
    }

    /// Refuses what cannot be read.
    #[must_use]
    pub fn refuse(problems: &[Problem]) -> Response {
        Response { message: Some(message::problems(problems)), ..Response::default() }
    }

    /// As the host expects it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("accepted".to_owned(), self.accepted.into());
        if let Some(message) = &self.message {
            map.insert("message".to_owned(), message.as_str().into());
        }
        if !self.warnings.is_empty() {
            map.insert("warnings".to_owned(), self.warnings.clone().into());
        }
        if !self.audit_annotations.is_empty() {
            let figures = self.audit_annotations.iter();
            let figures: Map<String, Value> =
                figures.map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect();
            map.insert("audit_annotations".to_owned(), figures.into());
        }
        Value::Object(map)
    }
}
