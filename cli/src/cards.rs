//! The cards that a command reckons with: the catalog, and a user's own file.

use std::path::PathBuf;

use clap::Args;
use migfit::gpu::{self, Gpu};
use migfit::problem::Problem;

use crate::input;
use crate::report::Failure;

/// A user's own cards.
#[derive(Debug, Args)]
pub(crate) struct Cards {
    /// JSON file of cards to add to the catalog or to correct in it.
    #[arg(long, value_name = "FILE")]
    cards: Option<PathBuf>,
}

impl Cards {
    pub(crate) fn read(&self) -> Result<Vec<Gpu>, Vec<Failure>> {
        let Some(path) = &self.cards else {
            return Ok(gpu::catalog().to_vec());
        };
        let read = input::text(path).and_then(|text| {
            let value = serde_json::from_str(&text)
                .map_err(|error| Problem::new("not-json", "own cards", error.to_string(), "JSON text"))?;
            gpu::catalog_with(&value)
        });
        read.map_err(|problem| vec![Failure { file: path.display().to_string(), problem }])
    }
}

/// A problem with what stood on the command line.
pub(crate) fn on_command_line(problem: Problem) -> Vec<Failure> {
    vec![Failure { file: "command line".to_owned(), problem }]
}
