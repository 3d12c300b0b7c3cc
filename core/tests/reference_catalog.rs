//! Entries of the catalog against the published `config.json` files that they come from.
//!
//! The reference data lies outside the repository: `MIGFIT_REFERENCE` names the folder that holds
//! `reference/configs`, `../shared` beside the repository by default.

use std::path::PathBuf;

use migfit::catalog;
use migfit::memory::Weights;
use migfit::model::{self, Model};

/// Entries that have a file and say the same; never to be lowered.
const SAME: usize = 150;

fn configs() -> Option<PathBuf> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let found = folder.join("reference/configs").is_dir();
    if !found {
        println!("reference data absent: set MIGFIT_REFERENCE");
    }
    found.then(|| folder.join("reference/configs"))
}

/// Lists of quantized modules are spelled otherwise in the catalog: what they come to must be the same.
fn bytes(model: &Model) -> Vec<Weights> {
    let of = |ranks| Weights::of(model, model.served_dtype(), model.quantization.as_ref(), ranks);
    [1, 2, 8].map(of).to_vec()
}

#[test]
fn every_entry_says_what_its_file_says() {
    let Some(folder) = configs() else { return };
    let (mut same, mut wrong) = (0, Vec::new());
    for id in catalog::ids() {
        let file = folder.join(format!("{}.json", id.replace('/', "__")));
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let entry = catalog::find(id).unwrap();
        let (mut of_entry, mut of_file) = (entry.model().unwrap(), model::read(&text).unwrap());
        let weights = (bytes(&of_entry), bytes(&of_file));
        let (packed, packed_file) = (of_entry.quantization.take(), of_file.quantization.take());
        let method = |packed: &Option<model::Quantization>| {
            packed.as_ref().map(|packed| (packed.method.clone(), packed.scope, packed.kv_cache))
        };
        if of_entry != of_file {
            wrong.push(format!("{id}: another model"));
            if of_entry.assumptions != of_file.assumptions {
                wrong.push(format!("  {:?}\n  {:?}", of_entry.assumptions, of_file.assumptions));
            }
        } else if weights.0 != weights.1 || method(&packed) != method(&packed_file) {
            wrong.push(format!("{id}: other bytes"));
        } else {
            same += 1;
        }
    }
    assert!(wrong.is_empty(), "{same} same, but\n{}", wrong.join("\n"));
    assert!(same >= SAME, "{same} same");
}
