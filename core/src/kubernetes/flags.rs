//! What the flags of a server set.

use super::flag_tables;
use super::server::Server;

/// What a flag sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// The model's id or folder.
    Model,
    /// Longest sequence, or `auto`.
    MaxModelLen,
    /// Most sequences in one batch.
    MaxNumSeqs,
    /// Most tokens in one batch.
    MaxNumBatchedTokens,
    /// Share of the device.
    Utilization,
    /// Format of the cache.
    KvCacheDtype,
    /// Format of the weights.
    Dtype,
    /// How weights are packed.
    Quantization,
    /// Devices that share each layer.
    TensorParallel,
    /// Devices that share the layers out.
    PipelineParallel,
    /// Copies of the model.
    DataParallel,
    /// Who starts the ranks; `ray` may use several nodes.
    Executor,
    /// Number of nodes.
    Nodes,
    /// Switches CUDA graphs off.
    Eager,
    /// Switches them on again.
    NotEager,
    /// Lets batches use LoRA adapters; the next two say nothing without it.
    Adapters,
    /// LoRA adapters that one batch may use.
    MostAdapters,
    /// Largest rank of an adapter.
    AdapterRank,
    /// How drafts of the next tokens are made: an object, whole or key by key behind a dot.
    Speculation,
    /// One key of that object by a flag of its own: how drafts are made.
    DraftMethod,
    /// Likewise, the model that drafts.
    DraftModel,
    /// Likewise, tokens in a draft.
    DraftTokens,
    /// Weights kept in the host's memory, in GiB.
    CpuOffload,
    /// Host memory for keys and values that left the device, in GiB.
    KvOffloading,
    /// Images and videos in one prompt: an object, as [`Flag::Speculation`].
    PromptLimits,
    /// Neither images nor videos are admitted.
    TextOnly,
    /// Devices hold whole experts.
    WholeExperts,
    /// What the model is for.
    Runner,
    /// How the checkpoint is read.
    LoadFormat,
    /// Changes the need in a way that is not worked out; takes a value.
    Unmodelled,
    /// As [`Flag::Unmodelled`], without a value.
    UnmodelledSwitch,
}

impl Flag {
    /// Whether a value follows.
    pub(super) const fn takes_value(self) -> bool {
        !matches!(
            self,
            Flag::Eager
                | Flag::NotEager
                | Flag::Adapters
                | Flag::TextOnly
                | Flag::WholeExperts
                | Flag::UnmodelledSwitch
        )
    }

    /// Whether its value is an object whose keys may stand behind the name.
    pub(super) const fn is_object(self) -> bool {
        matches!(self, Flag::Speculation | Flag::PromptLimits)
    }
}

/// The flag of `server` of this name, which may be written with `_` for `-`.
pub(super) fn find(server: Server, name: &str) -> Option<(&'static str, Flag)> {
    let same = |known: &str| {
        known.len() == name.len()
            && known.bytes().zip(name.bytes()).all(|(a, b)| a == b || (a == b'-' && b == b'_'))
    };
    flag_tables::flags(server).iter().find(|(known, _)| same(known)).copied()
}

/// A whole number as vLLM reads it: `8192`, `8k` (8,000), `8K` (8,192), `1.5m`; nothing where it is none.
///
/// Source: vLLM 0.33.0 `human_readable_int`; only the decimal suffixes take a fraction.
#[must_use]
pub fn whole_number(text: &str) -> Option<u64> {
    let text = text.trim();
    let (digits, scale, fraction) = match text.char_indices().last()? {
        (end, 'k') => (text.get(..end)?, 1000, true),
        (end, 'm') => (text.get(..end)?, 1_000_000, true),
        (end, 'g') => (text.get(..end)?, 1_000_000_000, true),
        (end, 'K') => (text.get(..end)?, 1 << 10, false),
        (end, 'M') => (text.get(..end)?, 1 << 20, false),
        (end, 'G') => (text.get(..end)?, 1 << 30, false),
        _ => (text, 1, false),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if (!part.is_empty() && !fraction)
        || part.len() > 9
        || !all_digits(whole)
        || !part.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut value = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let mut place: u64 = scale;
    for digit in part.chars() {
        place = place.checked_div(10)?;
        value = value.checked_add(place.checked_mul(u64::from(digit.to_digit(10)?))?)?;
    }
    Some(value)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_the_engine_does() {
        for (text, value) in [
            ("4096", Some(4096)),
            ("8k", Some(8000)),
            ("8K", Some(8192)),
            ("25.6k", Some(25_600)),
            ("1M", Some(1 << 20)),
            ("1.5K", None),
            ("-1", None),
            ("", None),
            ("k", None),
            ("4,096", None),
        ] {
            assert_eq!(whole_number(text), value, "{text}");
        }
    }

    #[test]
    fn finds_both_spellings() {
        assert_eq!(find(Server::Vllm, "max_model_len"), Some(("max-model-len", Flag::MaxModelLen)));
        assert_eq!(find(Server::Vllm, "max-model-len"), Some(("max-model-len", Flag::MaxModelLen)));
        assert_eq!(find(Server::Vllm, "max-model"), None);
    }
}
