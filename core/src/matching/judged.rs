//! One plan against an amount of memory: the verdict, and why.

use super::fit::{Reason, Verdict};
use crate::memory::{MemoryEstimate, Plan, Target};
use crate::units::{Bytes, grouped};

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
    if weights > usable {
        reasons.push(Reason {
            code: "weights-too-large",
            text: format!("the weights alone take {weights}, {usable} are usable"),
            need: weights,
            offer: usable,
        });
    } else if fixed > usable {
        reasons.push(Reason {
            code: "no-room-for-cache",
            text: format!("weights, activations and graphs take {fixed}, {usable} are usable: nothing is left for the cache"),
            need: fixed,
            offer: usable,
        });
    } else if estimate.total > usable {
        reasons.push(Reason {
            code: "cache-too-large",
            text: format!(
                "{} of {} tokens need {} of cache, {} are left",
                count(plan.serving.sequences, "sequence"),
                grouped(plan.max_model_len),
                estimate.total.minus(fixed),
                usable.minus(fixed)
            ),
            need: estimate.total,
            offer: usable,
        });
    }
    let (beside, slack) = (estimate.beside(), memory.minus(usable));
    if beside > slack {
        let what: Vec<&str> = estimate.outside.iter().rev().map(|term| term.name.label()).collect();
        let take = if what.len() == 1 { "takes" } else { "take" };
        reasons.push(Reason {
            code: "no-room-for-context",
            text: format!(
                "the {} {take} about {beside} outside the engine's share, {slack} are left there at a utilization of {}",
                what.join(" and "),
                plan.share(target)
            ),
            need: beside,
            offer: slack,
        });
    }
    reasons
}

fn tight(estimate: &MemoryEstimate, usable: Bytes, spare: Bytes) -> Reason {
    Reason {
        code: "within-error",
        text: format!("only {spare} to spare, less than the error of the estimate ({})", estimate.error()),
        need: estimate.total,
        offer: usable,
    }
}

fn unknown(plan: &Plan, estimate: &MemoryEstimate, usable: Bytes) -> Reason {
    Reason {
        code: "unknown-architecture",
        text: format!(
            "nothing is promised: {} is not known, what was counted is a decoder of Llama's shape",
            if plan.model.architecture.is_empty() {
                &plan.model.model_type
            } else {
                &plan.model.architecture
            }
        ),
        need: estimate.total,
        offer: usable,
    }
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}
