//! Random fleets and requirements.

use migfit::fleet::pools::{Link, NumberFormat, Pool, read};
use migfit::gpu::catalog;
use migfit::matching::requirement::{Floors, Requirement, Topology};
use migfit::units::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Card, layout, units by short name.
const HARDWARE: [(&str, &str, &[&str]); 9] = [
    ("H100-80GB", "2x3g.40gb", &["3g.40gb"]),
    ("H100-80GB", "4g.40gb, 3g.40gb", &["4g.40gb", "3g.40gb"]),
    ("H100-80GB", "7x1g.10gb", &["1g.10gb"]),
    ("H100-80GB", "", &["gpu"]),
    ("A100-40GB", "3x2g.10gb, 1g.5gb", &["2g.10gb", "1g.5gb"]),
    ("A100-80GB", "", &["gpu"]),
    ("L40S", "", &["gpu"]),
    ("B200", "2x3g.90gb", &["3g.90gb"]),
    ("T4", "", &["gpu"]),
];

fn pool(name: usize) -> impl Strategy<Value = Value> {
    let hardware = (0..HARDWARE.len(), 1_u64..9, 0_u64..4, 0_u64..3);
    let said = (any::<Option<bool>>(), prop::option::of(1_u64..9), prop::option::of(0_u64..5));
    let placed = (any::<prop::sample::Index>(), prop::collection::vec(0_u64..4, 0..4));
    let shared = prop::option::weighted(0.2, (any::<bool>(), 1_u64..4));
    (hardware, said, placed, shared).prop_map(move |((kind, gpus, nodes, more), said, (unit, on), shared)| {
        let (gpu, layout, units) = HARDWARE[kind];
        let (multi, domain, price) = said;
        let mut pool = json!({"name": format!("p{}", name % 3), "cluster": format!("c{name}"), "gpu": gpu,
            "gpusPerNode": gpus, "nodes": nodes, "maxNodes": nodes + more});
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                pool[key] = value;
            }
        };
        set("layout", (!layout.is_empty()).then(|| json!(layout)));
        set("multiNode", multi.map(Value::from));
        set("nvlinkDomain", domain.map(Value::from));
        set("pricePerGpuHour", price.map(Value::from));
        let kind = |mps: bool| if mps { "mps" } else { "time-slicing" };
        set("sharing", shared.map(|(mps, by)| json!({"kind": kind(mps), "replicas": by})));
        let unit = units[unit.index(units.len())];
        set("placed", (!on.is_empty()).then(|| json!([{"unit": unit, "onNodes": on}])));
        pool
    })
}

/// Up to six pools.
pub(crate) fn fleet() -> impl Strategy<Value = Vec<Pool>> {
    (1_usize..7)
        .prop_flat_map(|count| (0..count).map(pool).collect::<Vec<_>>())
        .prop_map(|rows| read(catalog(), &[json!({"pools": rows})]).pools)
}

fn topology() -> impl Strategy<Value = Topology> {
    prop_oneof![
        3 => Just(Topology::ONE),
        2 => (1_u64..5, 1_u64..5).prop_map(|(nodes, units_per_node)| Topology::Stated { nodes, units_per_node }),
        2 => (1_u64..5, 1_u64..5).prop_map(|(tensor, groups)| Topology::Ranks { tensor, groups }),
    ]
}

/// Anything that can be declared.
pub(crate) fn requirement() -> impl Strategy<Value = Requirement<'static>> {
    let formats = prop::sample::subsequence(NumberFormat::ALL.to_vec(), 0..3);
    let floors = (
        prop::option::of(1_u64..90_000),
        formats,
        prop::option::weighted(0.3, 1_u32..140),
        prop::option::weighted(0.3, 1_u64..9_000),
        prop::option::weighted(0.3, prop_oneof![Just(Link::None), Just(Link::Pcie), Just(Link::NvLink)]),
        prop::option::weighted(0.2, 1_u64..9),
    );
    (floors, topology(), 1_u64..6).prop_map(
        |((mib, formats, sms, rate, link, domain), topology, replicas)| {
            let floors = Floors {
                memory: mib.map(Bytes::from_mib),
                formats,
                sms,
                bandwidth: rate.map(|rate| rate * 1_000_000_000),
                link,
                nvlink_domain: domain,
                inter_node: None,
            };
            Requirement { replicas, ..Requirement::declared("r", topology, floors) }
        },
    )
}
