//! How fast a device can at best read what one token needs: a bound, never a prediction.

use serde::Serialize;

use crate::gpu::Device;
use crate::memory::Plan;
use crate::source::{Confidence, Source};

/// A bound on the speed of one sequence: no engine writes tokens faster than the memory can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Ceiling {
    /// Tokens per second of one sequence as long as was asked for, in tenths, rounded down.
    pub tokens_per_second_tenths: u64,
    /// Bytes that are read for one token: the weights that it passes, and its cache.
    pub bytes_per_token: u64,
    /// Bytes per second of the device; an instance has the share of its memory slices.
    pub bandwidth: u64,
    /// Where the bandwidth comes from.
    pub source: Source,
    /// Always [`Confidence::Floor`]: a bound, of time.
    pub confidence: Confidence,
}

impl Ceiling {
    /// The bound on `device`, `None` where its bandwidth is not known.
    pub(super) fn of(plan: &Plan, device: &Device) -> Option<Ceiling> {
        let bandwidth = device.bandwidth()?;
        let parameters = &plan.parameters;
        let weights = plan.weights.bytes.share(parameters.active, parameters.total);
        let bytes = (weights + plan.kv_cache.held(plan.max_model_len)).get();
        Some(Ceiling {
            tokens_per_second_tenths: bandwidth.value.saturating_mul(10).checked_div(bytes)?,
            bytes_per_token: bytes,
            bandwidth: bandwidth.value,
            source: bandwidth.source,
            confidence: Confidence::Floor,
        })
    }
}
