//! A plan as it travels to the page: figures, words and cells to draw.

use serde::{Deserialize, Serialize};

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// GPUs in use.
    pub used: u64,
    /// GPUs that there are.
    pub there: u64,
    /// No plan uses fewer.
    pub least: u64,
    /// Whether everything was tried and nothing is better.
    pub proved: bool,
    /// Memory that nothing can use: `10.0 GiB`.
    pub stranded: String,
    /// Compute slices of GPUs in use that belong to no instance.
    pub idle_compute: u64,
    /// What an hour costs, absent where that is not known or nothing.
    pub price: Option<String>,
    /// What every workload got.
    pub got: Vec<Got>,
    /// What found no place.
    pub missing: Vec<Missing>,
    /// GPUs in use, those that are alike together.
    pub drawn: Vec<Drawn>,
    /// What is to be done, GPU by GPU, as a terminal prints it.
    pub steps: String,
    /// What would be otherwise in words, and the plan then.
    pub otherwise: Option<(String, Box<Planned>)>,
}

/// What a workload got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Got {
    /// The workload.
    pub workload: String,
    /// `2 on H100-80GB 3g.40gb`, and the resource to ask for.
    pub on: Vec<(String, String)>,
}

/// A workload of which something found no place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The workload.
    pub workload: String,
    /// Replicas, or sequences where those were asked for.
    pub number: u64,
    /// Every reason that is known.
    pub reasons: Vec<String>,
}

/// GPUs with the same card, cut and workloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// `node:index` of each.
    pub names: Vec<String>,
    /// The card.
    pub gpu: String,
    /// The first of them, from its first memory slice to its last.
    pub cells: Vec<Cell>,
    /// Memory slices that nothing can use, absent for a card that is not cut.
    pub stranded: Option<u8>,
}

/// Memory slices that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// How many.
    pub slices: u8,
    /// What is there.
    pub holds: Holds,
}

/// What is in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// An instance, or all of a card, and who sits there: `chat #0`.
    Seat(String, String),
    /// Nothing yet.
    Free,
    /// Nothing, and nothing can be.
    Stranded,
}
