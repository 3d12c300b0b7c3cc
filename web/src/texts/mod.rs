//! Every text that the page shows, but for what the core says itself. One place, ready to translate.

mod card;
pub mod compare;
pub mod docs;
pub mod export;
pub mod field;
pub mod layers;
pub mod plan;
pub mod policy;
pub mod working;

pub use card::{card_sum, card_title, place, place_at, remove};

use migfit::problem::Problem;
use migfit::units::grouped;

use crate::state::{Column, Page};

/// Name of the page.
pub const TITLE: &str = "migfit";
/// What it is for, in one line.
pub const TAGLINE: &str = "Does this language model fit that GPU or MIG slice?";
/// What leaves the browser.
pub const PRIVACY: &str = "Everything is worked out in this browser. Nothing you paste leaves it; a model fetched by id is asked of the Hub.";

/// What the links of the header lead to.
pub const PAGES: &str = "Pages";

/// What a page is called.
#[must_use]
pub const fn page(page: Page) -> &'static str {
    match page {
        Page::Size => "Size",
        Page::Compare => "Compare",
        Page::Plan => "Plan",
        Page::Policy => "Policy",
        Page::Docs => "Docs",
    }
}

/// Heading of the model.
pub const MODEL: &str = "Model";
/// Label of the search in the catalog.
pub const SEARCH: &str = "Find a model by name or Hub id";
/// What stands in its empty field.
pub const SEARCH_PLACEHOLDER: &str = "llama 3.1 8b, org/name";
/// Opens the field of the token.
pub const TOKEN_FOLD: &str = "Gated or private";
/// Label of the token.
pub const TOKEN: &str = "Access token of the Hub";
/// What becomes of the token.
pub const TOKEN_HELP: &str =
    "Sent to the Hub with a fetch and to nobody else. Never stored, never in a link.";
/// While the model is read.
pub const READING: &str = "Reading the config";
/// The reader answered something else.
pub const ANSWER_OF_ANOTHER: &str = "an answer to another question";
/// What is being written.
pub const TABLE: &str = "the table";
/// Saves the table of devices for a spreadsheet.
pub const SAVE_CSV: &str = "Save CSV";
/// Saves the answer for programs.
pub const SAVE_JSON: &str = "Save JSON";
/// The list below it.
pub const SEARCH_LIST: &str = "Models of the catalog";
/// Label of the text field.
pub const CONFIG_LABEL: &str = "config.json of the model";
/// What stands in its empty field.
pub const CONFIG_PLACEHOLDER: &str = "{ \"model_type\": \"llama\", … }";
/// What the text field is for.
pub const CONFIG_HELP: &str = "Paste it, drop the file anywhere on the page, or pick it. A vLLM command line, a manifest \
    or a start-up log fills the form.";
/// A model whose architecture is not known.
pub const UNKNOWN_MODEL: &str = "Unknown architecture: every figure is an estimate";
/// What a text without a file is called.
pub const PASTED: &str = "the text";
/// Stops what is going on.
pub const CANCEL: &str = "Cancel";
/// Title of a text that cannot be used.
pub const BAD_TEXT: &str = "This cannot be used";
/// Who reads large files.
pub const WORKER: &str = "background worker";
/// Where it cannot be had.
pub const NO_WORKER: &str = "a browser that starts none";
/// What it should be.
pub const WORKER_EXPECTED: &str = "an answer";
/// What to do about it.
pub const RELOAD: &str = "reload the page; a browser of the last three years is needed";
/// A file that cannot be read.
pub const UNREADABLE: &str = "a file that the browser cannot read";
/// What was expected of it.
pub const TEXT_FILE: &str = "a text file";
/// Button that opens a file.
pub const PICK: &str = "Pick a file";
/// Button that fills in an example.
pub const EXAMPLE: &str = "Try granite-7b-base";
/// Button that empties the page.
pub const CLEAR: &str = "Clear";

/// Heading of the settings.
pub const SERVED_BY: &str = "Served by";
/// Heading of the folded settings.
pub const MORE: &str = "More settings";
/// Heading of the GPUs.
pub const ON: &str = "On";
/// Chooses the GPUs shown first.
pub const COMMON: &str = "Common";
/// Chooses every GPU.
pub const ALL: &str = "All";
/// GPUs that most data centres have.
pub const GPUS_COMMON: &str = "Common GPUs";
/// All others.
pub const GPUS_OTHERS: &str = "Other GPUs";
/// Chooses none.
pub const NONE: &str = "None";

/// Heading of the answer.
pub const ANSWER: &str = "Answer";
/// Before a model is given: what will stand here.
pub const EMPTY_TITLE: &str = "Which slice holds your model?";
/// Before a model is given: what to do.
pub const EMPTY_TEXT: &str = "Give the page a config.json from the model's repository. It counts the \
    parameters, adds what the engine needs, and names the smallest GPU or MIG profile that holds all of it.";
/// Where the settings cannot be used.
pub const FIX_SETTINGS: &str = "Set right the marked setting to get an answer.";
/// Where no GPU is chosen.
pub const NO_GPUS: &str = "Choose at least one GPU to get an answer.";
/// Title where there is no model: a bad config, or nobody who reads it.
#[must_use]
pub fn bad_model(problem: &Problem) -> &'static str {
    if problem.code == "worker" { "No model can be read" } else { "This config.json cannot be used" }
}
/// Title of a bad link.
pub const BAD_LINK: &str = "This link cannot be used";

/// Heading of the memory bar.
pub const MEMORY: &str = "What the memory is made of";
/// What the mark in the bar means.
pub const BAR_MARKS: &str = "The mark is where the engine's share of the device ends.";
/// What the marks mean where the need goes beyond the device.
pub const BAR_MARKS_BEYOND: &str = "The solid mark is where the engine's share of the device ends, the dashed one where the device itself does.";
/// Heading of the table.
pub const DEVICES: &str = "Devices";
/// Heading of the assumptions.
pub const ASSUMPTIONS: &str = "What the answer rests on";
/// Heading of the parameter breakdown.
pub const PARAMETERS: &str = "Parameters";

/// What the marks mean.
pub const MARKS: &str = "\u{2248} estimate, \u{2265} floor: the smallest figure that a source gives. Other figures are measured or exact.";

/// Button of a resource name.
pub const COPY: &str = "Copy";
/// After a copy.
pub const COPIED: &str = "Copied";
/// Where a copy is not allowed.
pub const NOT_COPIED: &str = "The browser does not allow copying here";
/// Button that copies the link.
pub const COPY_LINK: &str = "Copy link";
/// Where the model is too large for a link.
pub const LINK_WITHOUT_MODEL: &str = "Link copied without the model: it is too large for a link";

/// Label of the filter.
pub const FILTER: &str = "Filter devices";
/// Shows fitting devices only.
pub const FITTING: &str = "Only those that hold it";
/// Shows exact bytes.
pub const EXACT: &str = "Exact bytes";
/// Where the filter leaves nothing.
pub const NOTHING_LEFT: &str = "No device matches the filter.";
/// The last column of the table.
pub const WHY: &str = "Why";
/// The engine's share of a device.
pub const FREE: &str = "free";
/// What the engine leaves alone.
pub const OUTSIDE: &str = "outside its share";
/// What does not fit.
pub const MISSING: &str = "missing";
/// After what is missing.
pub const SHORT: &str = "short";
/// A number that has no limit.
pub const ANY: &str = "any";

/// Words for the theme switch.
pub const THEMES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];
/// Label of the theme switch.
pub const THEME: &str = "Colours";

/// Head of a column.
#[must_use]
pub const fn column(column: Column) -> &'static str {
    match column {
        Column::Device => "Device",
        Column::Memory => "Memory",
        Column::Need => "Need",
        Column::Verdict => "Verdict",
        Column::Spare => "Spare",
        Column::Sequences => "Most sequences",
        Column::Context => "Longest context",
    }
}

/// Takes advice over.
pub const APPLY: &str = "Apply";
/// Saves the chart as a drawing.
pub const SAVE_SVG: &str = "Save SVG";
/// Saves the chart as a picture.
pub const SAVE_PNG: &str = "Save PNG";
/// Opens the table of a chart.
pub const AS_TABLE: &str = "The same as a table";
/// What stands below the chart.
pub const CHART_ACROSS: &str = "tokens in each sequence";
/// What the table of the chart holds.
pub const CHART_CAPTION: &str = "Longest context in tokens by profile and number of sequences";
/// Head of the profiles.
pub const PROFILE: &str = "Profile";
/// A GPU that is not cut.
pub const WHOLE_GPU: &str = "whole GPU";
/// Head of the memory left.
pub const LEFT_FOR_CACHE: &str = "Left for the cache";
/// Title of a refused placement.
pub const NO_PLACEMENT: &str = "This cannot be placed";
/// A slice that something can be placed on.
pub const FREE_SLICE: &str = "free";
/// A slice that nothing can be placed on.
pub const STRANDED: &str = "stranded";
/// The model fits an instance.
pub const HOLDS: &str = "holds it";
/// It does not.
pub const TOO_SMALL: &str = "too small";
/// How something is placed.
pub const PLACE_HELP: &str = "Drag a profile onto the card, or press the slice where it is to start. An instance is moved by \
    dragging, and taken off by pressing it.";
/// Empties the card.
pub const CLEAR_CARD: &str = "Empty the card";
/// Opens the commands.
pub const COMMANDS: &str = "Commands that cut the card so";

/// Opens the list of layouts.
#[must_use]
pub fn full_layouts(number: usize) -> String {
    format!("All {number} ways to cut it in full")
}

/// What pressing a layout does.
#[must_use]
pub fn draw(layout: &str) -> String {
    format!("Draw {layout}")
}

/// How many of a folded list are chosen.
#[must_use]
pub fn chosen(number: usize) -> String {
    format!(" · {number} chosen")
}

/// What is being read.
#[must_use]
pub fn reading(what: &str) -> String {
    format!("Reading {what}")
}

/// Where settings were taken from.
#[must_use]
pub fn filled(from: &str) -> String {
    format!("Settings taken from {from}. Back undoes it.")
}

/// In place of a text that is too long to look at.
#[must_use]
pub fn large(bytes: usize) -> String {
    format!("A config of {} bytes is open.", grouped(bytes as u64))
}

/// Offers to fetch a model.
#[must_use]
pub fn fetch(id: &str, base: &str) -> String {
    format!("Fetch {id} from {}", base.trim_start_matches("https://"))
}

/// How many models were found.
#[must_use]
pub fn found(number: usize) -> String {
    if number == 1 { "1 model".to_owned() } else { format!("{number} models") }
}

/// Heading of the advice.
#[must_use]
pub fn to_fit(device: &str) -> String {
    format!("To fit {device}")
}

/// Heading of the chart.
#[must_use]
pub fn chart_title(gpu: &str) -> String {
    format!("KV cache against context, and where each profile of {gpu} ends")
}

/// So many sequences.
#[must_use]
pub fn sequences(number: u64) -> String {
    if number == 1 { "1 sequence".to_owned() } else { format!("{} sequences", grouped(number)) }
}
