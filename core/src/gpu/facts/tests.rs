//! Every row of the tables against the reference data, and rules that every row keeps.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::gpu::{Device, devices};

/// The reference table, read in place. `None`, with one printed line, where it is absent.
fn reference() -> Option<Value> {
    let folder = std::env::var("MIGFIT_REFERENCE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").to_owned());
    match std::fs::read_to_string(format!("{folder}/facts/mig.json")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("reference data absent: set MIGFIT_REFERENCE");
            None
        }
    }
}

fn mib(value: &Value) -> Option<Bytes> {
    value.as_u64().map(Bytes::from_mib)
}

fn list(value: &Value) -> Vec<u64> {
    let values = value.as_array().unwrap();
    values.iter().map(|v| v.as_u64().unwrap()).collect()
}

fn engines_of(value: &Value) -> Engines {
    let count = |key: &str| u8::try_from(value[key].as_u64().unwrap()).unwrap();
    Engines {
        copy: value["copy_engines"].as_u64().map(|n| n as u8),
        decoders: count("decoders"),
        encoders: count("encoders"),
        jpeg: count("jpeg"),
        ofa: count("ofa"),
    }
}

#[test]
fn every_gpu_of_the_reference_stands_in_the_catalog() {
    let Some(reference) = reference() else { return };
    let rows = reference["gpus"].as_array().unwrap();
    assert_eq!(rows.len(), 21);
    let with_mig: Vec<&Gpu> = catalog().iter().filter(|gpu| gpu.has_mig()).collect();
    assert_eq!(with_mig.len(), rows.len());
    for (row, gpu) in rows.iter().zip(with_mig) {
        assert_gpu(row, gpu);
    }
}

fn assert_gpu(row: &Value, gpu: &Gpu) {
    let key = row["key"].as_str().unwrap();
    assert_eq!(gpu.key, key);
    assert_eq!(gpu.name, row["name"].as_str().unwrap());
    let architecture = serde_json::to_value(gpu.architecture).unwrap();
    assert_eq!(architecture, row["architecture"], "{key}");
    let capability = gpu.compute_capability.unwrap().to_string();
    assert_eq!(capability, row["compute_capability"], "{key}");
    for alias in row["aliases"].as_array().unwrap() {
        let label = alias.as_str().unwrap().split(" (").next().unwrap();
        assert!(gpu.product_labels.iter().any(|l| l == label), "{key} {label}");
    }
    let boards: Vec<(String, &str)> =
        gpu.pci.iter().map(|b| (format!("0x{:04X}", b.id), b.board.as_ref())).collect();
    let expected: Vec<(String, &str)> = row["pci_device_ids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (b["id"].as_str().unwrap().to_owned(), b["board"].as_str().unwrap()))
        .collect();
    assert_eq!(boards, expected, "{key}");
    assert_total(row, gpu);
    assert_eq!(u64::from(gpu.compute_slices), row["compute_slices"], "{key}");
    assert_eq!(u64::from(gpu.memory_slices), row["memory_slices"], "{key}");
    if !row["total_sms"].is_null() {
        assert_eq!(gpu.sms.map(u64::from), row["total_sms"].as_u64(), "{key}");
    }
    assert_eq!(gpu.engines, engines_of(&row["engine_totals"]), "{key}");
    let mode = gpu.mig_mode.unwrap();
    assert_eq!(mode.reset_to_toggle, row["mig_mode"]["gpu_reset_to_toggle"], "{key}");
    assert_eq!(mode.survives_reboot, row["mig_mode"]["persistent_across_reboot"], "{key}");
    let profiles = row["profiles"].as_array().unwrap();
    assert_eq!(gpu.profiles.len(), profiles.len(), "{key}");
    for (row, profile) in profiles.iter().zip(gpu.profiles.iter()) {
        assert_profile(&format!("{key} {}", profile.name), row, profile);
    }
}

fn assert_total(row: &Value, gpu: &Gpu) {
    let seen = list(&row["memory_mib_variants"]);
    if row["memory_confidence"] == "measured" {
        assert_eq!(gpu.memory.shown, mib(&row["memory_mib"]), "{}", gpu.key);
        let smallest = seen.iter().copied().map(Bytes::from_mib).chain(gpu.memory.shown).min();
        assert_eq!(Some(gpu.memory.floor), smallest, "{}", gpu.key);
        assert_eq!(gpu.memory.confidence, Confidence::Measured, "{}", gpu.key);
    } else {
        // Where the reference has no reading, the catalog may have found one: it is the same figure.
        assert!(gpu.memory.shown.is_none() || gpu.memory.shown == mib(&row["memory_mib"]), "{}", gpu.key);
        assert!(gpu.memory.floor <= mib(&row["memory_mib"]).unwrap(), "{}", gpu.key);
    }
}

fn assert_profile(at: &str, row: &Value, profile: &Profile) {
    assert_eq!(profile.name.to_string(), row["name"], "{at}");
    assert_eq!(u64::from(profile.nvml_id), row["nvml_id"], "{at}");
    assert_eq!(profile.smi_id.map(u64::from), row["smi_id"].as_u64(), "{at}");
    let id = match row["smi_id_confidence"].as_str().unwrap() {
        "documented" => Confidence::Measured,
        "by analogy with GB300" => Confidence::Derived,
        _ => Confidence::Estimate,
    };
    assert_eq!(profile.smi_id_confidence, id, "{at}");
    assert_eq!(profile.memory.shown, mib(&row["memory_mib"]), "{at}");
    assert_eq!(Some(profile.memory.floor), mib(&row["memory_mib_min"]), "{at}");
    let basis = match row["memory_mib_min_basis"].as_str().unwrap() {
        "measured" => Confidence::Measured,
        "ratio-estimate" => Confidence::Estimate,
        _ => Confidence::Floor,
    };
    assert_eq!(profile.memory.confidence, basis, "{at}");
    let seen: Vec<u64> = profile.memory.seen_mib.iter().map(|m| u64::from(*m)).collect();
    assert_eq!(seen, list(&row["memory_mib_variants"]), "{at}");
    assert_eq!(u64::from(profile.compute_slices), row["compute_slices"], "{at}");
    assert_eq!(u64::from(profile.memory_slices), row["memory_slices"], "{at}");
    assert_eq!(profile.sms.map(u64::from), row["sms"].as_u64(), "{at}");
    assert_eq!(u64::from(profile.max_instances), row["max_instances"], "{at}");
    assert_placements(at, row, profile);
    assert_eq!(profile.engines, engines_of(row), "{at}");
    assert_eq!(profile.media_extensions(), row["media_extensions"], "{at}");
    assert_eq!(profile.graphics(), row["graphics"], "{at}");
    assert_eq!(profile.sources.len(), row["source"].as_array().unwrap().len(), "{at}");
}

fn assert_placements(at: &str, row: &Value, profile: &Profile) {
    let placements = row["placements"].as_array().unwrap();
    let starts: Vec<u64> = placements.iter().map(|p| p["start"].as_u64().unwrap()).collect();
    let own: Vec<u64> = profile.placements.starts.iter().map(|s| u64::from(*s)).collect();
    assert_eq!(own, starts, "{at}");
    for placement in placements {
        assert_eq!(u64::from(profile.placements.size), placement["size"], "{at}");
    }
    let confidence = match row["placements_confidence"].as_str().unwrap() {
        "printed by nvidia-smi mig -lgipp" => Confidence::Measured,
        text if text.starts_with("normalised") => Confidence::Estimate,
        _ => Confidence::Derived,
    };
    assert_eq!(profile.placements.confidence, confidence, "{at}");
}

#[test]
fn the_catalog_holds_148_profiles_of_21_gpus() {
    let with_mig = catalog().iter().filter(|gpu| gpu.has_mig()).count();
    let profiles: usize = catalog().iter().map(|gpu| gpu.profiles.len()).sum();
    assert_eq!((with_mig, profiles), (21, 148));
    assert_eq!(devices().len(), catalog().len() + 148);
}

#[test]
fn figures_that_others_build_on() {
    for (gpu, profiles) in [
        (
            "a100-40gb",
            "1g.5gb 4864, 1g.5gb+me 4864, 1g.10gb 9856, 2g.10gb 9856, 3g.20gb 19968, 4g.20gb 19968, 7g.40gb 40192",
        ),
        (
            "a100-80gb",
            "1g.10gb 9728, 1g.10gb+me 9728, 1g.20gb 19968, 2g.20gb 19968, 3g.40gb 40192, 4g.40gb 40192, 7g.80gb 80896",
        ),
        (
            "h100-80gb-sxm",
            "1g.10gb 9984, 1g.10gb+me 9984, 1g.20gb 20096, 2g.20gb 20096, 3g.40gb 40448, 4g.40gb 40448, 7g.80gb 81152",
        ),
        (
            "h200-141gb",
            "1g.18gb 16384, 1g.18gb+me 16384, 1g.35gb 33024, 2g.35gb 33024, 3g.71gb 71168, 4g.71gb 71168, 7g.141gb 143104",
        ),
        ("a30-24gb", "1g.6gb 5952, 1g.6gb+me 5952, 2g.12gb 11968, 2g.12gb+me 11968, 4g.24gb 24064"),
    ] {
        let gpu = super::super::find(gpu).unwrap();
        let shown: Vec<String> =
            gpu.profiles.iter().map(|p| format!("{} {}", p.name, p.memory.best().whole_mib())).collect();
        assert_eq!(shown.join(", "), profiles, "{}", gpu.key);
    }
}

/// Keys, short names and product labels name one card each, and side tables name known cards.
#[test]
fn names_are_unique_and_known() {
    let unique = |names: Vec<&str>| {
        let count = names.len();
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), count);
    };
    unique(catalog().iter().map(|gpu| gpu.key.as_ref()).collect());
    unique(catalog().iter().map(|gpu| gpu.short_name.as_ref()).collect());
    let labels = catalog().iter().flat_map(|gpu| gpu.product_labels.iter()).map(AsRef::as_ref);
    // Two boards of different memory report `NVIDIA H100`.
    unique(labels.filter(|label| *label != "NVIDIA-H100").collect());
    let known: BTreeSet<&str> = CARDS.iter().map(|card| card.key).collect();
    let keys = PRODUCT_LABELS.iter().chain(CLOUD_NAMES).map(|(key, _)| *key);
    let keys = keys.chain(PCI.iter().map(|(key, ..)| *key)).chain(OLD_NAMES.iter().map(|(key, ..)| *key));
    for key in keys.chain(MIG.iter().map(|mig| mig.0)) {
        assert!(known.contains(key), "{key}");
    }
}

/// A promise never exceeds what was measured, and a slice never its GPU.
#[test]
fn floors_stay_below_what_was_measured() {
    for device in devices() {
        let Device { gpu, .. } = device;
        if let Some(shown) = device.memory_shown() {
            assert!(device.memory_floor() <= shown, "{}", device.label());
        }
        assert!(device.memory_floor() <= gpu.memory.floor, "{}", device.label());
    }
}

#[test]
fn names_of_older_drivers_lead_to_the_profile_of_today() {
    let gpu = super::super::find("A100-80GB").unwrap();
    let old = "7g.79gb".parse().unwrap();
    assert_eq!(gpu.profile(old).unwrap().name.to_string(), "7g.80gb");
    let compute = "1c.3g.40gb".parse().unwrap();
    assert_eq!(gpu.profile(compute).unwrap().name.to_string(), "3g.40gb");
    let problem = gpu.profile("3g.20gb".parse().unwrap()).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "MIG profile of A100-80GB: found `3g.20gb`, expected one of 1g.10gb, 1g.10gb+me, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb"
    );
}
