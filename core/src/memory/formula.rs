//! Formulas with their values, and words made of them only where they are shown: a page asks for two hundred devices
//! and shows one.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::DType;
use crate::units::{Bytes, grouped};

/// How a term was worked out. Prints, and is serialised, as the formula with its values put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula(Said);

/// The formulas that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A text: of the source of a figure, or of where one was measured.
    Plain(&'static str),
    /// All weights of a rank.
    Weights {
        parameters: u64,
        method: Option<Cow<'static, str>>,
        dtype: DType,
        ranks: u64,
        rotary: Bytes,
        rounding: Bytes,
        host: Bytes,
    },
    /// What drafts.
    Draft { what: Cow<'static, str>, tokens: u64 },
    /// Room for adapters.
    Adapters { count: u64, rank: u64 },
    /// Blocks of the cache.
    Blocks { blocks: u64, each: Bytes, sequences: u64, tokens: u64, dtype: DType, on_admission: bool },
    /// The peak of a profile run.
    Peak { tokens: u64, forward: Bytes, sequences: u64, sampler: Bytes, image: Option<Bytes> },
    /// Captured graphs.
    Graphs { sizes: u64, layers: u64, each: Bytes },
    /// What an engine sets aside by its own rule.
    Reserved { count: u64, each: Bytes, what: &'static str },
}

impl From<Said> for Formula {
    fn from(said: Said) -> Formula {
        Formula(said)
    }
}

impl From<&'static str> for Formula {
    fn from(text: &'static str) -> Formula {
        Formula(Said::Plain(text))
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Plain(text) => f.write_str(text),
            Said::Weights { .. } => weights(&self.0, f),
            Said::Draft { what, tokens } => write!(f, "{what}, {tokens} tokens in a draft"),
            Said::Adapters { count, rank } => write!(
                f,
                "{} of rank {}, for every matrix that may be adapted",
                grouped(*count),
                grouped(*rank)
            ),
            Said::Blocks { blocks, each, sequences, tokens, dtype, on_admission } => write!(
                f,
                "{} blocks of {} bytes for {} x {} tokens at {dtype} ({}), and one empty block",
                grouped(*blocks),
                grouped(each.get()),
                grouped(*sequences),
                grouped(*tokens),
                if *on_admission { "one sequence on admission" } else { "sequences" }
            ),
            Said::Peak { tokens, forward, sequences, sampler, image } => {
                write!(
                    f,
                    "larger of a forward pass over {} tokens ({forward}) and sampling for {} sequences ({sampler})",
                    grouped(*tokens),
                    grouped(*sequences)
                )?;
                image.map_or(Ok(()), |bytes| write!(f, " and the largest image ({bytes})"))
            }
            Said::Graphs { sizes, layers, each } => {
                write!(f, "{sizes} captured batch sizes x {} layers x {each}", grouped(*layers))
            }
            Said::Reserved { count, each, what } => {
                write!(f, "{} x {each} for each {what}, as the engine reserves", grouped(*count))
            }
        }
    }
}

fn weights(said: &Said, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Said::Weights { parameters, method, dtype, ranks, rotary, rounding, host } = said else {
        return Ok(());
    };
    let parameters = grouped(*parameters);
    match method {
        Some(method) => write!(f, "{parameters} parameters, {method}, the rest at {dtype}")?,
        None => write!(f, "{parameters} parameters at {dtype}")?,
    }
    if *ranks > 1 {
        write!(f, ", one of {ranks} ranks")?;
    }
    if (*rotary, *rounding) != (Bytes::ZERO, Bytes::ZERO) {
        write!(f, "; {rotary} for rotary positions, {rounding} in pieces that the allocator does not cut")?;
    }
    if *host != Bytes::ZERO {
        write!(f, "; {host} of it in the host's memory")?;
    }
    Ok(())
}
