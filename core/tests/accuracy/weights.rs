//! The weights that a log states beside those that are computed.

use migfit::memory::{Weights, rotary};
use migfit::model::adapter::slots;
use migfit::model::quantization::preset;
use migfit::model::{DType, Model};

use super::logs::Row;

/// Rows that are compared; never to be lowered.
pub(crate) const ROWS: usize = 74;
/// Bounds of the error in percent; never to be raised. The goal is 0.3 and 2.
pub(crate) const MEDIAN: f64 = 0.53;
pub(crate) const HIGH: f64 = 10.7;

/// Ranks of the adapter slots that logs state.
const SLOTS: [(&str, u64); 1] = [("G051", 32)];

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
    let dtype = DType::parse(row.get("dtype")).unwrap_or_else(|| model.served_dtype());
    let on_load = row.get("quantization").contains("bitsandbytes") && model.quantization.is_none();
    let on_load = on_load.then(|| preset("bnb-4bit").unwrap());
    let ranks = row.number("tp").unwrap_or(1.0) as u64;
    let weights = Weights::of(model, dtype, on_load.as_ref().or(model.quantization.as_ref()), ranks);
    let rank = SLOTS.iter().find(|(id, _)| *id == row.get("id")).map_or(0, |(_, rank)| *rank);
    let bytes = weights.bytes + rotary::table(model, dtype) + slots(model, 1, rank, ranks, dtype);
    Some(Compared { logged, computed: bytes.get() as f64 })
}
