//! A count from a config beside what the checkpoint itself says, and what explains the difference.

use serde::Serialize;

use crate::memory::Weights;
use crate::model::evidence::{Evidence, Kind};
use crate::model::{DType, Group, Model, Split};
use crate::units::Bytes;

/// What a checkpoint says beside what was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What the checkpoint says.
    pub evidence: Evidence,
    /// Bytes that were counted, in the formats of the file.
    pub counted_bytes: Bytes,
    /// Elements that were counted; `None` where packing makes elements no weights.
    pub counted_elements: Option<u64>,
    /// The checkpoint's bytes less those counted.
    pub difference_bytes: Option<i64>,
    /// The checkpoint's elements less those counted.
    pub difference_elements: Option<i64>,
    /// What makes up the difference exactly; empty where there is none or nothing known explains it.
    pub explained_by: Vec<&'static str>,
}

/// Compares `model` with what its checkpoint says.
#[must_use]
pub fn compare(model: &Model, evidence: Evidence) -> Comparison {
    let stored = model.stored_dtype.unwrap_or(DType::BF16);
    let counted_bytes = Weights::of(model, stored, model.quantization.as_ref(), 1).bytes;
    let counted_elements = model.quantization.is_none().then(|| model.parameters().total);
    let difference_bytes = evidence.bytes.map(|bytes| less(bytes.get(), counted_bytes.get()));
    let difference_elements =
        evidence.elements.zip(counted_elements).map(|(found, counted)| less(found, counted));
    let explained_by = explain(&known(model, &evidence), difference_elements, difference_bytes, stored);
    Comparison {
        evidence,
        counted_bytes,
        counted_elements,
        difference_bytes,
        difference_elements,
        explained_by,
    }
}

fn less(one: u64, other: u64) -> i64 {
    i64::try_from(i128::from(one) - i128::from(other)).unwrap_or(if one > other {
        i64::MAX
    } else {
        i64::MIN
    })
}

/// Something that files hold and a model does not, or the other way round.
struct Cause {
    what: &'static str,
    elements: i64,
    /// Bits of an element where it is not in the format of the other weights.
    bits: Option<u64>,
}

/// Source: published totals of 182 checkpoints against exact counts.
fn known(model: &Model, evidence: &Evidence) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut add = |what, elements: u128, sign: i64, bits| {
        if let Ok(elements @ 1..) = i64::try_from(elements) {
            causes.push(Cause { what, elements: elements * sign, bits });
        }
    };
    let parameters = model.parameters();
    let vocabulary = |wanted: Group| {
        let modules = model.blocks.iter().flat_map(|block| &block.modules);
        modules
            .filter(|m| m.group == wanted && m.split == Split::Vocabulary)
            .map(|m| m.elements())
            .sum::<u128>()
    };
    let (embeddings, head) = (vocabulary(Group::Embeddings), vocabulary(Group::LmHead));
    if head == 0 && evidence.stores_head != Some(false) {
        add("the tied output matrix is stored a second time", embeddings, 1, None);
    }
    if evidence.stores_head != Some(true) {
        add("the output matrix is not stored", head, -1, None);
    }
    add("multi-token prediction layers are stored beside the model", u128::from(parameters.mtp), 1, None);
    let (layers, heads) = (u128::from(model.dims.layers), u128::from(model.dims.head_dim));
    let context = u128::from(model.context.tokens);
    add("old rotary buffers (inv_freq) are stored", layers * heads / 2, 1, Some(32));
    add("old causal masks (attn.bias) are stored", layers * context * context, 1, None);
    add("position numbers (position_ids) are stored", context, 1, Some(64));
    causes
}

/// One cause, or two, that make up the difference exactly.
fn explain(causes: &[Cause], elements: Option<i64>, bytes: Option<i64>, stored: DType) -> Vec<&'static str> {
    let size = |cause: &Cause| match elements {
        Some(_) => cause.elements,
        None => {
            let bits = i64::try_from(cause.bits.unwrap_or(stored.bits())).unwrap_or(0);
            cause.elements.saturating_mul(bits) / 8
        }
    };
    let Some(wanted) = elements.or(bytes).filter(|wanted| *wanted != 0) else {
        return Vec::new();
    };
    if let Some(one) = causes.iter().find(|cause| size(cause) == wanted) {
        return vec![one.what];
    }
    let pairs =
        causes.iter().enumerate().flat_map(|(i, one)| causes.iter().skip(i + 1).map(move |two| (one, two)));
    let pair = pairs.into_iter().find(|(one, two)| size(one).saturating_add(size(two)) == wanted);
    pair.map_or_else(Vec::new, |(one, two)| vec![one.what, two.what])
}

impl Comparison {
    /// Whether the evidence is about one file of possibly several.
    #[must_use]
    pub fn may_be_a_part(&self) -> bool {
        self.evidence.kind == Kind::Header && self.difference_bytes.is_some_and(|difference| difference < 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence;

    const QWEN: &str = r#"{"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_size": 1024,
        "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8,
        "head_dim": 128, "vocab_size": 151936, "max_position_embeddings": 40960, "tie_word_embeddings": true,
        "torch_dtype": "bfloat16"}"#;

    fn compared(evidence: &str) -> Comparison {
        compare(&crate::model::read(QWEN).unwrap(), evidence::read(evidence.as_bytes()).unwrap())
    }

    #[test]
    fn qwen3_06b_stores_its_tied_head_a_second_time() {
        let hub = compared(r#"{"parameters": {"BF16": 751632384}, "total": 751632384}"#);
        assert_eq!(hub.difference_elements, Some(155_582_464));
        assert_eq!(hub.difference_bytes, Some(311_164_928));
        assert_eq!(hub.explained_by, ["the tied output matrix is stored a second time"]);
        let index = r#"{"metadata": {"total_size": 1503264768}, "weight_map": {"lm_head.weight": "a"}}"#;
        assert_eq!(compared(index).explained_by, hub.explained_by);
        // The names say that no head is stored: then the same difference is not explained by one.
        let without = index.replace("lm_head", "other");
        assert_eq!(compared(&without).explained_by, [""; 0]);
        assert_eq!(compared(&without).difference_bytes, Some(311_164_928));
    }

    #[test]
    fn no_difference_needs_no_explanation() {
        let same = compared(r#"{"parameters": {"BF16": 596049920}}"#);
        assert_eq!((same.difference_bytes, same.difference_elements), (Some(0), Some(0)));
        assert!(same.explained_by.is_empty() && !same.may_be_a_part());
        let two = compared(r#"{"parameters": {"BF16": 751673344}}"#);
        assert_eq!(
            two.explained_by,
            ["the tied output matrix is stored a second time", "position numbers (position_ids) are stored"]
        );
    }
}
