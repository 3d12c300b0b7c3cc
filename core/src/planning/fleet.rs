//! What is to be planned: GPUs as they stand today, and the workloads that they are to serve.

use serde::{Deserialize, Serialize};

use crate::engine::Serving;
use crate::fleet::pools::Price;
use crate::gpu::layout::{Instance, Layout};
use crate::gpu::{Device, Gpu};
use crate::model::Model;
use crate::units::Bytes;

/// GPUs and what they are to serve.
#[derive(Clone, Debug, Default)]
pub struct Fleet<'a> {
    /// The machines.
    pub nodes: Vec<Node<'a>>,
    /// What is to run.
    pub workloads: Vec<Workload<'a>>,
    /// Tenants whose workloads share a GPU with nobody else's.
    pub alone: Vec<String>,
    /// Whether replicas that run today stay where they are.
    pub keep: bool,
}

/// A machine.
#[derive(Clone, Debug, Default)]
pub struct Node<'a> {
    /// Its name.
    pub name: String,
    /// The pool of like machines that it belongs to; its own name where it stands alone.
    pub pool: String,
    /// The cloud's name for it.
    pub instance_type: Option<String>,
    /// What an hour of the machine costs, where the user says.
    pub price: Option<Price>,
    /// Its GPUs, by number.
    pub gpus: Vec<FleetGpu<'a>>,
}

/// What a GPU may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Whole, or cut into instances.
    #[default]
    Any,
    /// Whole only: MIG mode stays off.
    Whole,
    /// Cut only: MIG mode stays on.
    Sliced,
}

/// One GPU and what stands on it.
#[derive(Clone, Debug)]
pub struct FleetGpu<'a> {
    /// The card.
    pub gpu: &'a Gpu,
    /// What it may be used for.
    pub usage: Use,
    /// What stands on it today.
    pub today: Today<'a>,
}

/// What stands on a GPU today.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Today<'a> {
    /// Nothing: MIG mode is off or not known, and nobody uses it.
    #[default]
    Unused,
    /// Somebody has it whole.
    Whole(Held),
    /// It is cut.
    Cut(Vec<Standing<'a>>),
}

/// An instance that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Profile and start.
    pub instance: Instance<'a>,
    /// Who has it, `None` where it is idle.
    pub held: Option<Held>,
}

/// Who has a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its name: that of a workload of the fleet, else a stranger, who is never moved.
    pub name: String,
    /// The stranger's tenant, where that matters.
    pub tenant: Option<String>,
}

impl<'a> FleetGpu<'a> {
    /// A GPU that nobody uses.
    #[must_use]
    pub const fn unused(gpu: &'a Gpu) -> FleetGpu<'a> {
        FleetGpu { gpu, usage: Use::Any, today: Today::Unused }
    }

    /// Today's instances as a layout; an impossible one ends before the first instance that does not fit.
    #[must_use]
    pub fn layout(&self) -> Layout<'a> {
        let Today::Cut(standing) = &self.today else { return Layout::empty(self.gpu) };
        let instances = standing.iter().map(|standing| standing.instance);
        instances.fold(Layout::empty(self.gpu), |layout, instance| layout.with(instance).unwrap_or(layout))
    }
}

/// Something to run.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    /// Its name, unique in the fleet.
    pub name: String,
    /// Whom it belongs to.
    pub tenant: Option<String>,
    /// How much of it.
    pub amount: Amount,
    /// What one replica needs.
    pub need: Need<'a>,
    /// What a device must offer beside memory.
    pub floors: Floors,
    /// The devices that may be used, by label, profile or card; all where empty.
    pub only: Vec<Only>,
    /// How far its replicas are spread.
    pub spread: Spread,
    /// Workloads that it may not share a GPU with.
    pub apart: Vec<String>,
}

/// How much of a workload is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// So many copies.
    Replicas(u64),
    /// As many copies as hold so many sequences at the same time; larger devices hold more.
    Sequences(u64),
}

/// What one replica needs.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a fleet has a handful of needs")]
pub enum Need<'a> {
    /// What serving the model takes.
    Model {
        /// The model.
        model: &'a Model,
        /// How it is served; its parallel settings say how many whole GPUs one replica takes.
        serving: Serving,
    },
    /// What the user says.
    Declared {
        /// Memory of each device.
        memory: Bytes,
        /// Devices of one replica; more than one are whole GPUs of one node.
        devices: u64,
    },
}

impl Need<'_> {
    /// Devices that one replica takes, all of one node.
    #[must_use]
    pub fn devices(&self) -> u64 {
        match self {
            Need::Model { serving, .. } => serving
                .tensor_parallel
                .saturating_mul(serving.pipeline_parallel)
                .saturating_mul(serving.data_parallel),
            Need::Declared { devices, .. } => *devices,
        }
    }
}

/// What a device must offer beside memory. A device of which a figure is not known does not offer it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Floors {
    /// Streaming multiprocessors.
    pub sms: Option<u32>,
    /// Compute slices of an instance; a whole GPU has all of them.
    pub compute_slices: Option<u8>,
    /// Memory bandwidth in bytes per second.
    pub bandwidth: Option<u64>,
    /// Tokens per second of one sequence, in tenths, that the bandwidth must allow.
    pub tokens_per_second_tenths: Option<u64>,
}

/// A device that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Only {
    /// Instances of a profile, on any card that has it.
    Profile(crate::gpu::ProfileName),
    /// Whole GPUs.
    Whole,
}

impl Only {
    /// Whether `device` is one.
    #[must_use]
    pub fn allows(self, device: &Device<'_>) -> bool {
        match (self, device.profile) {
            (Only::Profile(name), Some(profile)) => profile.name == name,
            (Only::Whole, None) => true,
            (Only::Profile(_), None) | (Only::Whole, Some(_)) => false,
        }
    }
}

/// The most replicas of one workload in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Spread {
    /// On one GPU.
    pub per_gpu: Option<u64>,
    /// On one node.
    pub per_node: Option<u64>,
}

impl<'a> Workload<'a> {
    /// `replicas` copies that need `memory` each, and nothing else.
    #[must_use]
    pub fn declared(name: impl Into<String>, memory: Bytes, replicas: u64) -> Workload<'a> {
        Workload {
            name: name.into(),
            tenant: None,
            amount: Amount::Replicas(replicas),
            need: Need::Declared { memory, devices: 1 },
            floors: Floors::default(),
            only: Vec::new(),
            spread: Spread::default(),
            apart: Vec::new(),
        }
    }
}
