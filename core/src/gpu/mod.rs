//! What a card is: GPUs, their MIG profiles, and the devices that a container can be given.
//!
//! Facts stand in tables, one row a line, each with its source. This room knows nothing of models,
//! engines or Kubernetes objects; formulas are handed a `&Gpu` or a [`Device`].

mod architecture;
mod card;
mod cloud;
mod device;
mod facts;
mod find;
pub mod layout;
mod meaning;
mod memory;
mod own;
mod profile;
mod profile_name;

pub use architecture::{Architecture, Formats, MigMode};
pub use card::{ComputeCapability, Figure, Gpu, OldName, PciBoard, Text};
pub use cloud::{Cloud, CloudInstance, instance, instances};
pub use device::{Device, device, device_in, devices};
pub use facts::catalog;
pub use find::{find, find_in};
pub use meaning::{Meaning, meaning};
pub use memory::Memory;
pub use own::catalog_with;
pub use profile::{Engines, Placements, Profile};
pub use profile_name::{Extra, ProfileName};
