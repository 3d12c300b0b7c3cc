//! What the policy answers.

use std::collections::BTreeMap;

use crate::problem::Problem;
use serde::Serialize;
use serde_json::Value;

use super::message;

/// A Kubewarden validation response. Its JSON form has these names in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    /// Whether the object may be stored.
    pub accepted: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The whole object, corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutated_object: Option<Value>,
    /// What the user is told besides, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Figures for the audit log.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
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
}

/// The answer to `validate_settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingsResponse {
    /// Whether the settings may be used.
    pub valid: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
