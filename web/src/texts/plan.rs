//! Texts of the page that cuts fleets.

use migfit::units::grouped;
use migfit_errands::{Drawn, Missing, Planned};

/// GPUs that are named one by one.
const NAMED: usize = 4;

/// Heading.
pub const TITLE: &str = "Who sits where on a fleet?";
/// What the page does.
pub const ABOUT: &str = "Cuts GPUs for many models, on as few as possible, as “migfit plan” does.";
/// Label of the fleet.
pub const FLEET: &str = "Fleet, YAML or JSON";
/// What belongs there.
pub const FLEET_HELP: &str = "Nodes with their GPUs, and workloads with a model of the catalog or a memory, and replicas or \
    sequences.";
/// Label of the models.
pub const MODELS: &str = "Known models (optional)";
/// What belongs there.
pub const MODELS_HELP: &str = "Configs by the id that the fleet uses, JSON or YAML: {\"org/name\": {…}}. Models of the catalog are known.";
/// Adds the model of the first page.
pub const ADD_OPEN: &str = "Add the model of the page Size";
/// Opens what would be otherwise.
pub const OTHERWISE: &str = "What if …";
/// Label of the card.
pub const OTHER_GPU: &str = "every GPU were";
/// What belongs there.
pub const OTHER_GPU_HELP: &str = "A card, unused: H200-141GB. Empty: as it is.";
/// Label of the packing.
pub const OTHER_WEIGHTS: &str = "every model were packed";
/// What belongs there.
pub const OTHER_WEIGHTS_HELP: &str = "fp8, awq or another preset of the page Size.";
/// Label of the length.
pub const OTHER_CONTEXT: &str = "every context were";
/// What belongs there.
pub const OTHER_CONTEXT_HELP: &str = "In tokens, from 1.";
/// Label of the cache.
pub const OTHER_CACHE: &str = "every KV cache were";
/// What belongs there.
pub const OTHER_CACHE_HELP: &str = "fp8 or another format of the page Size.";
/// Heading of the plan as it is, where another stands beside it.
pub const AS_IT_IS: &str = "As it is";
/// Opens the steps.
pub const STEPS: &str = "How to get there, GPU by GPU";
/// Fills the example in.
pub const EXAMPLE: &str = "Try two machines and four workloads";
/// Starts the work.
pub const GO: &str = "Plan";
/// Heading of the answer.
pub const ANSWER: &str = "Plan";
/// Without a fleet.
pub const EMPTY: &str = "Describe the fleet and press “Plan”.";
/// While it is planned.
pub const DOING: &str = "Planning";
/// After the reader stopped it.
pub const STOPPED: &str = "Stopped. Press “Plan” to begin again.";
/// The fleet was changed since.
pub const OLD: &str = "The fleet was changed since: press “Plan” again.";
/// Title of what cannot be used.
pub const REFUSED: &str = "This fleet cannot be planned";
/// Heading of what every workload got.
pub const GOT: &str = "What every workload gets";
/// Heads of that table.
pub const GOT_HEADS: [&str; 3] = ["Workload", "Replicas", "Resource"];
/// A workload that got nothing.
pub const NOTHING: &str = "nothing";
/// Heading of the cards.
pub const CARDS: &str = "GPUs in use";
/// A slice without anybody.
pub const FREE: &str = "free";
/// A slice that nothing reaches.
pub const STRANDED: &str = "stranded";

/// How good it is.
#[must_use]
pub fn used(plan: &Planned) -> String {
    let proof = match (plan.proved, plan.used > plan.least) {
        (true, _) => "no plan is better, all were tried".to_owned(),
        (false, false) => format!("no plan uses fewer than {}", grouped(plan.least)),
        (false, true) => {
            format!("no plan uses fewer than {}, whether one uses so few is open", grouped(plan.least))
        }
    };
    format!("{} of {} GPUs in use: {proof}.", grouped(plan.used), grouped(plan.there))
}

/// What is left over.
#[must_use]
pub fn left(plan: &Planned) -> String {
    let price = plan.price.as_ref().map(|price| format!(" Machines in use cost {price} per hour."));
    format!(
        "Stranded memory: {}, idle compute slices: {}.{}",
        plan.stranded,
        grouped(plan.idle_compute),
        price.unwrap_or_default()
    )
}

/// What found no place.
#[must_use]
pub fn missing(missing: &Missing) -> String {
    format!("{} of {} found no place", grouped(missing.number), missing.workload)
}

/// Which GPUs these are.
#[must_use]
pub fn names(drawn: &Drawn) -> String {
    let shown: Vec<&str> = drawn.names.iter().take(NAMED).map(String::as_str).collect();
    let more = match drawn.names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {} more like it", grouped(more as u64)),
    };
    format!("{}{more}, {}", shown.join(", "), drawn.gpu)
}

/// What is stranded on each.
#[must_use]
pub fn stranded(slices: u8) -> String {
    format!("{slices} memory slices stranded")
}

/// Heading of the plan were it otherwise.
#[must_use]
pub fn were(words: &str) -> String {
    format!("With {words}")
}
