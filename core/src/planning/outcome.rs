//! The answer: who sits where on every GPU, what is left, and how near to the best it is proved to be.

use serde::{Serialize, Serializer};

use crate::fleet::pools::Price;
use crate::gpu::layout::{Layout, Leftover};
use crate::gpu::{Device, Gpu};
use crate::units::Bytes;

/// Who sits where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan<'a> {
    /// Every GPU of the fleet, in its order.
    pub gpus: Vec<PlannedGpu<'a>>,
    /// What every workload got, in the order of the fleet.
    pub served: Vec<Served<'a>>,
    /// What found no place, with all reasons.
    pub unplaced: Vec<Unplaced>,
    /// The measure by which plans are compared.
    pub score: Score,
    /// How near to the best it is.
    pub bound: Bound,
    /// What an hour of the machines in use costs; `None` where one of them has no price.
    pub price: Option<Price>,
}

/// One GPU of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedGpu<'a> {
    /// Its machine.
    pub node: String,
    /// The pool of its machine.
    pub pool: String,
    /// The cloud's name for its machine.
    pub instance_type: Option<String>,
    /// Its number on that machine.
    pub index: u32,
    /// The card.
    #[serde(serialize_with = "key")]
    pub gpu: &'a Gpu,
    /// Whether it is used, and how.
    pub mode: Mode,
    /// The instances, empty for a GPU that is whole or unused.
    pub layout: Layout<'a>,
    /// Who sits there, by start. An idle instance is a seat that nobody has.
    pub seats: Vec<Seat<'a>>,
    /// What the layout leaves unused, `None` for a GPU that is not cut.
    pub leftover: Option<Leftover>,
}

/// How a GPU is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nobody uses it.
    Unused,
    /// One container has all of it.
    Whole,
    /// It is cut into instances.
    Sliced,
}

/// A device and who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seat<'a> {
    /// The whole GPU or the instance.
    #[serde(serialize_with = "label")]
    pub device: Device<'a>,
    /// First memory slice of the instance.
    pub start: Option<u8>,
    /// Who has it.
    pub holder: Holder,
}

/// Who has a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A replica of a workload of the fleet.
    Replica {
        /// The workload.
        workload: String,
        /// Its number, from 0.
        number: u64,
        /// Which of the devices of the replica, from 0; 0 where it has one.
        rank: u64,
    },
    /// Somebody that the plan does not move.
    Stranger(String),
    /// Nobody.
    Nobody,
}

/// What a workload got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Served<'a> {
    /// The workload.
    pub workload: String,
    /// Whom it belongs to.
    pub tenant: Option<String>,
    /// Replicas by device, smallest device first.
    pub replicas: Vec<(DeviceOf<'a>, u64)>,
    /// Devices of one replica.
    pub devices: u64,
    /// Devices that would do, smallest first.
    pub acceptable: Vec<DeviceOf<'a>>,
}

/// A device that prints as its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceOf<'a>(pub Device<'a>);

impl Serialize for DeviceOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.label())
    }
}

/// A workload of which something found no place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// The workload.
    pub workload: String,
    /// Replicas, or sequences where those were asked for.
    pub missing: u64,
    /// Every reason that is known.
    pub reasons: Vec<String>,
}

/// The measure by which plans are compared: the first figure decides, the next break ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Score {
    /// Replicas (or sequences) without a place.
    pub missing: u64,
    /// GPUs in use.
    pub gpus: u64,
    /// Memory on GPUs in use that nothing can use: slices that no further instance reaches, and slices that a
    /// replica got beyond the smallest device that holds it on that card.
    pub stranded: Bytes,
    /// Compute slices of GPUs in use that belong to no instance.
    pub idle_compute: u64,
}

/// How near to the best a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// No plan that places all of this one's replicas uses fewer GPUs.
    pub gpus: u64,
    /// No plan leaves fewer replicas (or sequences) without a place.
    pub missing: u64,
    /// Whether no plan has a better score.
    pub proved: bool,
}

impl Plan<'_> {
    /// How many GPUs the plan may be away from the best.
    #[must_use]
    pub const fn gap(&self) -> u64 {
        self.score.gpus.saturating_sub(self.bound.gpus)
    }
}

fn key<S: Serializer>(gpu: &&Gpu, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&gpu.key)
}

fn label<S: Serializer>(device: &Device<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&device.label())
}
