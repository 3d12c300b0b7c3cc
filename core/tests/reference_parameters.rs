//! Real `config.json` files against exact counts from an independent implementation.
//!
//! The reference data lies outside the repository: `MIGFIT_REFERENCE` names the folder that holds
//! `reference/params.tsv`, `../shared` beside the repository by default.

use std::collections::HashMap;
use std::path::PathBuf;

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let found = folder.join("reference/params.tsv").is_file();
    if !found {
        println!("reference data absent: set MIGFIT_REFERENCE");
    }
    found.then(|| folder.join("reference"))
}

#[test]
fn every_reference_total_is_exact() {
    let Some(folder) = reference() else { return };
    let table = std::fs::read_to_string(folder.join("params.tsv")).unwrap();
    let mut lines = table.lines();
    let columns: HashMap<&str, usize> =
        lines.next().unwrap().split('\t').enumerate().map(|(i, name)| (name, i)).collect();
    let (mut exact, mut wrong) = (0, Vec::new());
    for line in lines {
        let row: Vec<&str> = line.split('\t').collect();
        let file = row[columns["file"]];
        let want: u64 = row[columns["total_params"]].parse().unwrap();
        let text = std::fs::read_to_string(folder.join("configs").join(file)).unwrap();
        match migfit::model::read(&text) {
            Ok(model) if model.known && model.parameters().total == want => exact += 1,
            Ok(model) => wrong.push(format!(
                "{file}: {} {} counted, {want} expected",
                if model.known { "" } else { "unknown architecture," },
                model.parameters().total
            )),
            Err(problem) => wrong.push(format!("{file}: {problem}")),
        }
    }
    println!("{exact} exact");
    assert!(wrong.is_empty(), "{exact} exact, {} not:\n{}", wrong.len(), wrong.join("\n"));
}
