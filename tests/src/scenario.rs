//! A scenario: a model, how it is served, devices, and the one answer that every door must give.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use migfit::engine::Serving;
use migfit::matching::{Offer, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One file of `tests/scenarios`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows.
    pub about: String,
    /// The model's `config.json`.
    pub config: Value,
    /// How it is served.
    pub serving: Serving,
    /// The expected answer by device label.
    pub answers: BTreeMap<String, Answer>,
}

/// What a door says of one device, reduced to what every door can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `fits`, `tight` or `no`.
    pub verdict: String,
    /// Bytes needed inside the engine's budget.
    pub need: u64,
    /// Bytes of that budget.
    pub usable: u64,
    /// Codes of the reasons, in order.
    pub reasons: Vec<String>,
}

impl From<&Offer> for Answer {
    fn from(offer: &Offer) -> Answer {
        Answer {
            verdict: offer.verdict.word().to_owned(),
            need: offer.estimate.total.get(),
            usable: offer.usable.get(),
            reasons: offer.reasons.iter().map(|reason| reason.code.to_owned()).collect(),
        }
    }
}

impl Answer {
    /// Whether an admission policy may admit it.
    #[must_use]
    pub fn admits(&self) -> bool {
        self.verdict != Verdict::No.word()
    }
}

/// Every scenario of the repository with its file name, sorted.
///
/// # Panics
/// Where a file cannot be read: a scenario that is not run is a failed test.
#[must_use]
#[expect(clippy::panic, reason = "only tests call this, and a broken scenario must fail them")]
pub fn all() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> = match std::fs::read_dir(&folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            match serde_json::from_str(&text) {
                Ok(scenario) => {
                    (file.file_stem().unwrap_or_default().to_string_lossy().into_owned(), scenario)
                }
                Err(error) => panic!("{}: {error}", file.display()),
            }
        })
        .collect()
}
