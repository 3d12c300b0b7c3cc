//! One change, for the log.

use core::fmt;

use serde::Serialize;

/// One change of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where: `spec.containers[0].resources`.
    pub at: String,
    /// What stood there, absent where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What stands there now.
    pub to: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            Some(from) => write!(f, "{}: {from} became {}", self.at, self.to),
            None => write!(f, "{}: {} added", self.at, self.to),
        }
    }
}
