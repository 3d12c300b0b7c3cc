//! Reasons in words.

use core::fmt;

use super::why::Why;
use crate::fleet::pools::Support;
use crate::units::{Bytes, grouped};

/// `39.3 GiB (40,192 MiB)`.
struct Exact(Bytes);

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} MiB)", self.0, grouped(self.0.whole_mib()))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Estimate(reason, _) => reason.text.fmt(f),
            Why::Memory { need, offer } => write!(
                f,
                "{} of memory are asked for, the unit has {}: {} MiB short",
                Exact(*need),
                Exact(*offer),
                grouped(need.minus(*offer).get().div_ceil(1 << 20))
            ),
            Why::MemoryByDriver { need, floor, most } => write!(
                f,
                "{} of memory are asked for, the unit has from {} to {} by driver",
                Exact(*need),
                Exact(*floor),
                Exact(*most)
            ),
            Why::Format { format, on: Some(architecture) } if format.on(*architecture) == Support::No => {
                write!(f, "{} is asked for, {} does not compute in it", format.word(), architecture.word())
            }
            Why::Format { format, .. } => {
                write!(f, "{} is asked for, the pool does not declare it", format.word())
            }
            Why::FormatUnknown(format) => {
                write!(
                    f,
                    "{} is asked for, no source at hand says whether the unit computes in it",
                    format.word()
                )
            }
            Why::Widened { format, on } => write!(
                f,
                "{} does not compute in {}: such numbers are stored so and widened on the way",
                on.word(),
                format.word()
            ),
            Why::Compute { need, offer: Some(offer) } => {
                write!(f, "{need} multiprocessors are asked for, the unit has {offer}")
            }
            Why::Compute { need, offer: None } => {
                write!(f, "{need} multiprocessors are asked for, how many the unit has is not known")
            }
            Why::Bandwidth { need, offer: Some(offer) } => {
                write!(
                    f,
                    "{} GB/s of memory bandwidth are asked for, the unit has {}",
                    giga(*need),
                    giga(*offer)
                )
            }
            Why::Bandwidth { need, offer: None } => {
                write!(f, "{} GB/s of memory bandwidth are asked for, the unit's is not known", giga(*need))
            }
            Why::AcrossSlices { ranks } => write!(
                f,
                "{ranks} units for one replica: MIG slices reach each other neither over NVLink nor over PCIe, and a process sees \
                 one slice only; take a larger slice, a whole GPU, or packed weights"
            ),
            Why::Path { need, offer: Some(offer) } => {
                write!(f, "{} between units is asked for, there is {}", need.word(), offer.word())
            }
            Why::Path { need, offer: None } => {
                write!(f, "{} between units is asked for, what there is is not known", need.word())
            }
            Why::OverPcie { ranks } => write!(f, "{ranks} ranks talk over PCIe, which slows every layer"),
            Why::TimeSliced { by, share } => write!(
                f,
                "time-sliced among {by} without isolation: it holds only while every neighbour keeps to {share}; set the \
                 engine's share of the GPU to 1/{by} or less"
            ),
            Why::Mps { by, share } => write!(f, "shared among {by} under MPS, each with {share}"),
            Why::Shared { by, share } => write!(
                f,
                "shared among {by}, by time slicing or MPS: counted on are {share}, an even share, which time slicing does \
                 not guard"
            ),
            Why::Resource { need, offer } => {
                write!(f, "its containers ask for {need}, the unit is given out as {offer}")
            }
            Why::ByPlugin { offer } => write!(
                f,
                "claimed through dynamic resource allocation, while the pool is taken to give units out as {offer}: its \
                 nodes need the DRA driver"
            ),
            Why::Condition(text) => write!(f, "the claim's selector `{text}` does not hold"),
            Why::ConditionUnknown(text) => {
                write!(f, "whether the claim's selector `{text}` holds cannot be said")
            }
            Why::Open(text) => f.write_str(text),
            Why::Potential => {
                f.write_str("the units do not exist yet: creating one takes the place of others")
            }
            Why::NoUnits => f.write_str("the pool has no units that are known"),
            Why::PerNode { need, offer } => write!(
                f,
                "{} units on one node are asked for, a node has {}",
                grouped(*need),
                grouped(*offer)
            ),
            Why::MultiNode { nodes, said: true } => {
                write!(f, "one replica takes {nodes} nodes, the pool is not for several")
            }
            Why::MultiNode { nodes, said: false } => {
                write!(f, "one replica takes {nodes} nodes, the pool does not say whether that is possible")
            }
            Why::Domain { need, offer: Some(offer) } => {
                write!(f, "{need} units in one NVLink domain are asked for, a domain has {offer}")
            }
            Why::Domain { need, offer: None } => {
                write!(
                    f,
                    "{need} units in one NVLink domain are asked for, how many a domain has is not known"
                )
            }
            Why::InterNode { need, offer: Some(offer) } => {
                write!(f, "{} Gbit/s between nodes are asked for, there are {}", giga(*need), giga(*offer))
            }
            Why::InterNode { need, offer: None } => {
                write!(f, "{} Gbit/s between nodes are asked for, what there is is not known", giga(*need))
            }
            Why::Label { key, need, found: Some(found) } => {
                write!(f, "label {key} = {need} is asked for, the nodes have {found}")
            }
            Why::Label { key, need, found: None } => {
                write!(f, "label {key} = {need} is asked for, the pool does not name it")
            }
            Why::Room { need, most: 0 } => {
                let plural = if *need == 1 { "replica" } else { "replicas" };
                write!(f, "no room for {} {plural}, even with every node", grouped(*need))
            }
            Why::Room { need, most } => {
                write!(f, "room for {} of {} replicas with every node", grouped(*most), grouped(*need))
            }
            Why::Elsewhere { counted } => write!(
                f,
                "how many replicas there are is decided elsewhere (one for each node, an autoscaler, a schedule); {} is counted",
                grouped(*counted)
            ),
            Why::NoReplicas => f.write_str("0 replicas are asked for: nothing is taken until there are more"),
            Why::Scaling { now, need, nodes, max } => write!(
                f,
                "room for {} of {} replicas on the {} nodes that there are; the pool may grow to {}",
                grouped(*now),
                grouped(*need),
                grouped(*nodes),
                grouped(*max)
            ),
            Why::FromZero { resource } => write!(
                f,
                "the pool has no node yet, and the cluster autoscaler does not foresee {resource} on one (kubernetes/autoscaler \
                 8095)"
            ),
        }
    }
}

/// Thousand millions, rounded to whole ones.
fn giga(value: u64) -> String {
    grouped((value.saturating_add(500_000_000)) / 1_000_000_000)
}
