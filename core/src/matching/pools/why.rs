//! Why a pool is not a plain yes. Numbers are kept, and words are made of them only when they are shown.

use crate::fleet::pools::{Link, NumberFormat};
use crate::gpu::Architecture;
use crate::matching::fit::{Reason, Verdict};
use crate::units::Bytes;

/// How much a reason weighs, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "Weight"))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// It holds by little, or only as long as others behave.
    Tight,
    /// No source says whether it holds.
    Unsure,
    /// It does not hold.
    Refuses,
}

impl Severity {
    /// The verdict that reasons of at most this weight leave.
    pub(super) const fn verdict(self) -> Verdict {
        match self {
            Severity::Note => Verdict::Fits,
            Severity::Tight => Verdict::Tight,
            Severity::Unsure => Verdict::Unknown,
            Severity::Refuses => Verdict::No,
        }
    }
}

/// One reason: what is asked for as `need`, what is there as `offer`, `None` where that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are told above")]
pub enum Why {
    /// The estimate does not fit, fits by little, or is of an architecture that is not known.
    Estimate(Reason, Severity),
    /// Less memory than is asked for.
    Memory { need: Bytes, offer: Bytes },
    /// Enough memory under some drivers only.
    MemoryByDriver { need: Bytes, floor: Bytes, most: Bytes },
    /// A number format that the unit does not compute in.
    Format { format: NumberFormat, on: Option<Architecture> },
    /// A number format of which nobody knows.
    FormatUnknown(NumberFormat),
    /// Weights in a format that the unit does not compute in: they are widened on the way.
    Widened { format: NumberFormat, on: Architecture },
    /// Too few multiprocessors.
    Compute { need: u32, offer: Option<u32> },
    /// Too little memory bandwidth, in bytes per second.
    Bandwidth { need: u64, offer: Option<u64> },
    /// Parallelism across slices.
    AcrossSlices { ranks: u64 },
    /// A slower path between units than is asked for, or one that is not known.
    Path { need: Link, offer: Option<Link> },
    /// Ranks that share layers over PCIe.
    OverPcie { ranks: u64 },
    /// Time-sliced units: nothing keeps one container from the memory of another.
    TimeSliced { by: u64, share: Bytes },
    /// Units that are shared under MPS.
    Mps { by: u64, share: Bytes },
    /// Units that are shared, nobody says how.
    Shared { by: u64, share: Bytes },
    /// Containers ask for another resource than the unit is given out as.
    Resource { need: String, offer: String },
    /// A claim of dynamic resource allocation on units that a device plugin gives out.
    ByPlugin { offer: String },
    /// A condition of the claim that the unit fails.
    Condition(String),
    /// A condition of the claim that could not be decided.
    ConditionUnknown(String),
    /// Something that could not be worked out.
    Open(String),
    /// Units that do not exist yet.
    Potential,
    /// No units at all.
    NoUnits,
    /// Fewer units on a node than one pod takes.
    PerNode { need: u64, offer: u64 },
    /// A replica on several nodes where the pool allows one only, or does not say.
    MultiNode { nodes: u64, said: bool },
    /// More ranks than one NVLink domain connects.
    Domain { need: u64, offer: Option<u64> },
    /// Too little bandwidth between nodes, in bits per second.
    InterNode { need: u64, offer: Option<u64> },
    /// A label that the nodes do not have.
    Label { key: String, need: String, found: Option<String> },
    /// Fewer replicas than are asked for, even with every node.
    Room { need: u64, most: u64 },
    /// How many replicas there are is decided elsewhere; so many are counted.
    Elsewhere { counted: u64 },
    /// No replica is asked for.
    NoReplicas,
    /// Room only after nodes are added.
    Scaling { now: u64, need: u64, nodes: u64, max: u64 },
    /// A pool without nodes, whose resource an autoscaler does not know.
    FromZero { resource: String },
}

impl Why {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Why::Estimate(reason, _) => reason.code,
            Why::Memory { .. } => "too-little-memory",
            Why::MemoryByDriver { .. } => "memory-by-driver",
            Why::Format { .. } => "no-such-format",
            Why::FormatUnknown(_) => "format-unknown",
            Why::Widened { .. } => "format-widened",
            Why::Compute { offer: Some(_), .. } => "too-little-compute",
            Why::Compute { offer: None, .. } => "compute-unknown",
            Why::Bandwidth { offer: Some(_), .. } => "too-little-bandwidth",
            Why::Bandwidth { offer: None, .. } => "bandwidth-unknown",
            Why::AcrossSlices { .. } => "parallelism-across-slices",
            Why::Path { offer: Some(_), .. } => "slow-interconnect",
            Why::Path { offer: None, .. } => "interconnect-unknown",
            Why::OverPcie { .. } => "parallelism-over-pcie",
            Why::TimeSliced { .. } => "time-sliced",
            Why::Mps { .. } => "shared-by-mps",
            Why::Shared { .. } => "shared",
            Why::Resource { .. } => "other-resource",
            Why::ByPlugin { .. } => "needs-dra-driver",
            Why::Condition(_) => "selector",
            Why::ConditionUnknown(_) => "selector-unknown",
            Why::Open(_) => "open",
            Why::Potential => "potential",
            Why::NoUnits => "no-units",
            Why::PerNode { .. } => "too-few-on-a-node",
            Why::MultiNode { said: true, .. } => "one-node-only",
            Why::MultiNode { said: false, .. } => "multi-node-unknown",
            Why::Domain { offer: Some(_), .. } => "nvlink-domain",
            Why::Domain { offer: None, .. } => "nvlink-domain-unknown",
            Why::InterNode { offer: Some(_), .. } => "slow-between-nodes",
            Why::InterNode { offer: None, .. } => "between-nodes-unknown",
            Why::Label { .. } => "label",
            Why::Room { .. } => "no-room",
            Why::Elsewhere { .. } => "replicas-elsewhere",
            Why::NoReplicas => "no-replicas",
            Why::Scaling { .. } => "after-scaling",
            Why::FromZero { .. } => "scale-from-zero",
        }
    }

    /// How much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Why::Estimate(_, severity) => *severity,
            Why::Memory { .. }
            | Why::Format { .. }
            | Why::Compute { offer: Some(_), .. }
            | Why::Bandwidth { offer: Some(_), .. }
            | Why::AcrossSlices { .. }
            | Why::Path { offer: Some(_), .. }
            | Why::Resource { .. }
            | Why::Condition(_)
            | Why::NoUnits
            | Why::PerNode { .. }
            | Why::MultiNode { said: true, .. }
            | Why::Domain { offer: Some(_), .. }
            | Why::InterNode { offer: Some(_), .. }
            | Why::Label { found: Some(_), .. } => Severity::Refuses,
            Why::Room { most: 0, .. } => Severity::Refuses,
            Why::FormatUnknown(_)
            | Why::Compute { offer: None, .. }
            | Why::Bandwidth { offer: None, .. }
            | Why::Path { offer: None, .. }
            | Why::ConditionUnknown(_)
            | Why::Open(_)
            | Why::MultiNode { said: false, .. }
            | Why::Domain { offer: None, .. }
            | Why::InterNode { offer: None, .. }
            | Why::Label { found: None, .. } => Severity::Unsure,
            Why::MemoryByDriver { .. } | Why::TimeSliced { .. } | Why::Shared { .. } => Severity::Tight,
            Why::Widened { .. }
            | Why::OverPcie { .. }
            | Why::ByPlugin { .. }
            | Why::Mps { .. }
            | Why::Potential
            | Why::Room { .. }
            | Why::Elsewhere { .. }
            | Why::NoReplicas
            | Why::Scaling { .. }
            | Why::FromZero { .. } => Severity::Note,
        }
    }
}
