//! Instance types of the clouds and the GPUs in them.

use serde::Serialize;

use super::card::Gpu;
use super::{catalog, facts};
use crate::source::Source;

/// A cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Gcp,
    /// Microsoft Azure.
    Azure,
}

/// An instance type with GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CloudInstance {
    /// The cloud.
    pub cloud: Cloud,
    /// `p5.48xlarge`.
    pub name: &'static str,
    /// Key of the GPU in the catalog.
    pub key: &'static str,
    /// GPUs of one instance.
    pub count: u8,
    /// Where the row was read.
    pub source: Source,
}

impl CloudInstance {
    /// The GPU, `None` only for a key that the catalog lacks.
    #[must_use]
    pub fn gpu(&self) -> Option<&'static Gpu> {
        catalog().iter().find(|gpu| gpu.key == self.key)
    }
}

/// Every instance type that is known, by cloud.
#[must_use]
pub const fn instances() -> &'static [CloudInstance] {
    facts::instances()
}

/// The instance type of this name, in any case: the node label `node.kubernetes.io/instance-type`.
#[must_use]
pub fn instance(name: &str) -> Option<&'static CloudInstance> {
    instances().iter().find(|known| known.name.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_instance_type_names_its_gpus() {
        let found = |name| instance(name).map(|i| (i.count, i.gpu().unwrap().short_name.as_ref()));
        assert_eq!(found("p4d.24xlarge"), Some((8, "A100-40GB")));
        assert_eq!(found("p4de.24xlarge"), Some((8, "A100-80GB")));
        assert_eq!(found("p5.48xlarge"), Some((8, "H100-80GB")));
        assert_eq!(found("a3-highgpu-8g"), Some((8, "H100-80GB")));
        assert_eq!(found("standard_nd96asr_v4"), Some((8, "A100-40GB")));
        assert_eq!(found("g6.xlarge"), Some((1, "L4-24GB")));
        assert_eq!(found("m5.large"), None);
    }

    #[test]
    fn every_row_names_a_card_once() {
        let names: BTreeSet<&str> = instances().iter().map(|i| i.name).collect();
        assert_eq!(names.len(), instances().len());
        for row in instances() {
            assert!(row.gpu().is_some() && row.count > 0, "{}", row.name);
        }
    }
}
