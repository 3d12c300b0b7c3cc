//! The weights that a log states beside those that are computed.

use migfit::engine::Serving;
use migfit::memory::Plan;
use migfit::model::Model;

use super::logs::Row;
use super::setup::serving;

/// Rows that are compared; never to be lowered.
pub(crate) const ROWS: usize = 74;
/// Bounds of the error in percent; never to be raised.
pub(crate) const MEDIAN: f64 = 0.3;
pub(crate) const HIGH: f64 = 2.0;

/// Logged beside computed, in bytes on one device.
pub(crate) struct Compared {
    pub(crate) logged: f64,
    pub(crate) computed: f64,
}

impl Compared {
    /// Computed less logged, in percent of logged.
    pub(crate) fn error(&self) -> f64 {
        (self.computed - self.logged) / self.logged * 100.0
    }
}

/// The weights of `model` as the engine of `row` was told to load it; `None` where the row states none.
pub(crate) fn compare(row: &Row, model: &Model) -> Option<Compared> {
    // "GB" of older logs and of SGLang are GiB as well: both divide by 2^30.
    let logged = row.number("weights_gib_per_gpu")? * f64::from(1 << 30);
    let serving = Serving { max_model_len: None, ..serving(row, model) };
    let plan = Plan::new(model, &serving).unwrap();
    // Until 0.7 the line was printed before adapters had room (`worker/model_runner.py` of 0.7.1 and 0.8.5).
    let before = row.get("engine_version").starts_with("0.7");
    let adapters = if before { 0 } else { plan.adapters.get() };
    Some(Compared { logged, computed: (plan.loaded.bytes().get() + adapters) as f64 })
}
