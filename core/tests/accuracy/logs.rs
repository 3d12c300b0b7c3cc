//! Rows of `reference/engine-logs.tsv`, and the model that each is about.

use std::collections::HashMap;
use std::path::PathBuf;

use migfit::catalog;
use migfit::model::{self, Model};

/// Ids that the catalog does not have.
const MODELS: &str = include_str!("models.tsv");

/// One published log.
pub(crate) struct Row(HashMap<String, String>);

impl Row {
    /// The cell of a column, empty where it has none.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// A cell that is a number.
    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        self.get(column).parse().ok()
    }

    /// Whether the log is trusted (A, B+ or B).
    pub(crate) fn trusted(&self) -> bool {
        self.get("trust").starts_with(['A', 'B'])
    }

    /// The model, or why there is none.
    pub(crate) fn model(&self) -> Result<Model, String> {
        let id = self.get("hf_model_id");
        let other = MODELS.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row[0] == id);
        let (known, change) = other.map_or((id, "{}"), |row| (row[1], row[2]));
        let Ok(entry) = catalog::find(known) else { return Err("its config is not known".to_owned()) };
        let mut config = entry.config().map_err(|problem| problem.to_string())?;
        let change: serde_json::Map<String, serde_json::Value> = serde_json::from_str(change).unwrap();
        config.extend(change);
        let model = model::read_object(&config).map_err(|problem| problem.to_string())?;
        if model.known { Ok(model) } else { Err("its family is not known".to_owned()) }
    }
}

/// Every row, `None` where the reference data is absent.
pub(crate) fn rows() -> Option<Vec<Row>> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let Ok(table) = std::fs::read_to_string(folder.join("reference/engine-logs.tsv")) else {
        println!("reference data absent: set MIGFIT_REFERENCE");
        return None;
    };
    let mut lines = table.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next()?;
    Some(lines.map(|cells| Row(header.iter().cloned().zip(cells).collect())).collect())
}
