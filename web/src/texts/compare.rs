//! Texts of the page with several models side by side.

/// Heading.
pub const TITLE: &str = "Models side by side";
/// Where nothing is kept yet.
pub const EMPTY: &str = "Nothing is kept yet. Size a model, press “Keep for comparison”, then size another, or the same with \
    other settings. At most six stand side by side, and the link holds them all.";
/// Keeps the model that is open.
pub const KEEP: &str = "Keep for comparison";
/// After it is kept.
pub const KEPT: &str = "Kept for comparison";
/// Takes a model out.
pub const DROP: &str = "Remove";
/// Opens a model again.
pub const OPEN: &str = "Open";
/// What is compared.
pub const WHAT: &str = "Figure";
/// Number of parameters.
pub const PARAMETERS: &str = "Parameters";
/// Format of the weights.
pub const SERVED: &str = "Weights";
/// How it is asked.
pub const SETTINGS: &str = "Sequences x tokens";
/// What is needed on the device that is named.
pub const NEED: &str = "Need there";
/// The answer.
pub const SMALLEST: &str = "Smallest that holds it";
/// Where nothing holds it.
pub const NOWHERE: &str = "none of the chosen GPUs";
/// What a container asks for.
pub const RESOURCE: &str = "Resource";
/// Longest context on that device.
pub const LONGEST: &str = "Longest context there";
/// Most sequences on that device.
pub const MOST: &str = "Most sequences there";
/// A number that has no limit.
pub const ANY: &str = "any";
/// Heading of the verdicts.
pub const DEVICES: &str = "Verdict on every device";
/// Head of the devices.
pub const DEVICE: &str = "Device";
