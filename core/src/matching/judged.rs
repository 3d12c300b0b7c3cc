//! One plan against an amount of memory: the verdict, and why.

use super::fit::{Reason, Verdict};
use super::sentence::Said;
use crate::memory::{MemoryEstimate, Plan, Target};
use crate::units::Bytes;

/// The answer for an amount of memory, whatever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) estimate: MemoryEstimate,
    pub(super) usable: Bytes,
    pub(super) spare: Bytes,
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
}

pub(super) fn judge(plan: &Plan, target: Target) -> Judged {
    let estimate = plan.estimate(target, plan.serving.sequences, plan.max_model_len);
    let usable = plan.usable(target, &estimate);
    let spare = usable.minus(estimate.total);
    let mut reasons = misfits(plan, target, &estimate, usable);
    let verdict = if !reasons.is_empty() {
        Verdict::No
    } else if !plan.model.known {
        reasons.push(unknown(plan, &estimate, usable));
        Verdict::Unknown
    } else if spare < estimate.error() {
        reasons.push(tight(&estimate, usable, spare));
        Verdict::Tight
    } else {
        Verdict::Fits
    };
    Judged { estimate, usable, spare, verdict, reasons }
}

fn misfits(plan: &Plan, target: Target, estimate: &MemoryEstimate, usable: Bytes) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let memory = target.memory;
    let fixed = estimate.fixed();
    let weights = plan.weights.bytes.minus(plan.offloaded());
    let reason = |code, said: Said, need, offer| Reason { code, text: said.into(), need, offer };
    if weights > usable {
        reasons.push(reason("weights-too-large", Said::Weights { take: weights, usable }, weights, usable));
    } else if fixed > usable {
        reasons.push(reason("no-room-for-cache", Said::Fixed { take: fixed, usable }, fixed, usable));
    } else if estimate.total > usable {
        let said = Said::Cache {
            sequences: plan.serving.sequences,
            tokens: plan.max_model_len,
            need: estimate.total.minus(fixed),
            left: usable.minus(fixed),
        };
        reasons.push(reason("cache-too-large", said, estimate.total, usable));
    }
    let (take, left) = (estimate.beside(), memory.minus(usable));
    if take > left {
        let what = estimate.outside.iter().rev().map(|term| term.name).collect();
        let said = Said::Beside { what, take, left, share: plan.share(target) };
        reasons.push(reason("no-room-for-context", said, take, left));
    }
    reasons
}

fn tight(estimate: &MemoryEstimate, usable: Bytes, spare: Bytes) -> Reason {
    Reason {
        code: "within-error",
        text: Said::Tight { spare, error: estimate.error() }.into(),
        need: estimate.total,
        offer: usable,
    }
}

fn unknown(plan: &Plan, estimate: &MemoryEstimate, usable: Bytes) -> Reason {
    let model = &plan.model;
    let name = if model.architecture.is_empty() { &model.model_type } else { &model.architecture };
    Reason {
        code: "unknown-architecture",
        text: Said::Unknown { architecture: name.to_string() }.into(),
        need: estimate.total,
        offer: usable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Serving;
    use crate::model::{read, tests::GRANITE_7B};
    use crate::ratio::Ratio;

    const ONE: Bytes = Bytes::new(1);

    /// Its batch does not hang on the device, so neither does the need.
    fn serving() -> Serving {
        Serving {
            gpu_memory_utilization: Ratio::new(5000),
            max_num_seqs: Some(1),
            max_num_batched_tokens: Some(2048),
            ..Serving::default()
        }
    }

    #[test]
    fn what_is_as_large_as_its_room_has_room() {
        let (model, serving) = (read(GRANITE_7B).unwrap(), serving());
        let plan = Plan::new(&model, &serving).unwrap();
        let target = Target { memory: Bytes::from_gib(80), is_a100: false };
        let estimate = plan.estimate(target, 1, plan.max_model_len);
        let codes = |usable: Bytes| {
            let reasons = misfits(&plan, target, &estimate, usable);
            reasons.iter().map(|reason| reason.code).collect::<Vec<_>>()
        };
        let (weights, fixed, total) = (plan.weights.bytes, estimate.fixed(), estimate.total);
        assert_eq!(codes(weights.minus(ONE)), ["weights-too-large"]);
        assert_eq!([codes(weights), codes(fixed.minus(ONE))], [["no-room-for-cache"], ["no-room-for-cache"]]);
        assert_eq!([codes(fixed), codes(total.minus(ONE))], [["cache-too-large"], ["cache-too-large"]]);
        let left = target.memory.minus(estimate.beside());
        assert_eq!([codes(total), codes(left)], [[""; 0]; 2]);
        assert_eq!(codes(left + ONE), ["no-room-for-context"]);
    }

    #[test]
    fn as_much_to_spare_as_the_error_is_enough() {
        let (model, serving) = (read(GRANITE_7B).unwrap(), serving());
        let plan = Plan::new(&model, &serving).unwrap();
        let on = |usable: Bytes| judge(&plan, Target { memory: usable.times(2), is_a100: false });
        let Judged { estimate, .. } = on(Bytes::from_gib(40));
        let sure = estimate.total + estimate.error();
        let verdicts = [sure, sure.minus(ONE), estimate.total, estimate.total.minus(ONE)];
        assert_eq!(
            verdicts.map(|usable| on(usable).verdict),
            [Verdict::Fits, Verdict::Tight, Verdict::Tight, Verdict::No]
        );
    }
}
