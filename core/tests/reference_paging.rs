//! Caches, blocks and charges against those that vLLM's own code computed for real configs.
//!
//! The reference data lies outside the repository: `MIGFIT_REFERENCE` names the folder that holds
//! `reference/kv.tsv`, `../shared` beside the repository by default.

use std::collections::HashMap;
use std::path::PathBuf;

use migfit::memory::{CacheKind, InFlight, KvCache, Paging};
use migfit::model::{DType, read};

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let found = folder.join("reference/kv.tsv").is_file();
    if !found {
        println!("reference data absent: set MIGFIT_REFERENCE");
    }
    found.then(|| folder.join("reference"))
}

/// Bytes that the table gives, some as `65536.0` or `3850.25`: rounded up.
fn number(cell: &str) -> Option<u64> {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    let up = u64::from(part.chars().any(|digit| digit != '0'));
    Some(whole.parse::<u64>().ok()? + up)
}

/// Rows that differ, each with its reason; every other row is equal in every figure.
const OPEN: [&str; 7] = [
    // Refused: an early layout of which config.json has a part only, and drafts that are no model of their own.
    "Efficient-Large-Model/VILA1.5-3b",
    "draft/llama3-8B-eagle3",
    "draft/qwen3-8b-dflash",
    // Estimated: code of their own, no description.
    "IEITYuan/Yuan2-2B-hf",
    "nvidia/Llama-3.1-Nemotron-Nano-VL-8B-V1",
    // By a formula in the table; the file names a window of 262,144 tokens, which the engine's class would keep.
    "OpenGVLab/InternVL2-4B",
    // Its compressed cache is laid out in pages by rules of its own.
    "deepseek-ai/DeepSeek-V4-Flash-0731",
];

#[test]
fn caches_blocks_and_charges_are_those_of_vllm() {
    let Some(folder) = reference() else { return };
    let table = std::fs::read_to_string(folder.join("kv.tsv")).unwrap();
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: HashMap<&str, usize> =
        lines.next().unwrap().split('\t').enumerate().map(|(i, name)| (name, i)).collect();
    let (mut exact, mut wrong) = (0, Vec::new());
    for line in lines {
        let row: Vec<&str> = line.split('\t').collect();
        let cell = |name: &str| row.get(columns[name]).copied().unwrap_or_default();
        let file = folder.join("configs").join(format!("{}.json", cell("hf_id").replace('/', "__")));
        let Ok(text) = std::fs::read_to_string(&file) else {
            wrong.push(format!("{}: no such file", file.display()));
            continue;
        };
        match differences(&text, &cell) {
            Ok(found) if found.is_empty() => exact += 1,
            Ok(found) => wrong.push(format!("{}: {}", cell("hf_id"), found.join("; "))),
            Err(problem) => wrong.push(format!("{}: {problem}", cell("hf_id"))),
        }
    }
    println!("{exact} exact");
    wrong.retain(|line| !OPEN.iter().any(|id| line.starts_with(&format!("{id}: "))));
    assert!(wrong.is_empty(), "{exact} exact, {} not:\n{}", wrong.len(), wrong.join("\n"));
    assert!(exact >= 171, "{exact} exact");
}

fn differences<'a>(text: &str, cell: &impl Fn(&str) -> &'a str) -> Result<Vec<String>, String> {
    let model = read(text).map_err(|problem| problem.to_string())?;
    if !model.known {
        return Err("unknown architecture".to_owned());
    }
    let cache = KvCache::of(&model, DType::BF16, 1);
    let paging = Paging::of(&cache, model.context.tokens);
    let count = |kind: CacheKind| -> u64 {
        cache.layers.iter().filter(|row| row.kind == kind).map(|row| row.layers).sum()
    };
    let mut found = Vec::new();
    let mut same = |name: &str, ours: u64| {
        if let Some(theirs) = number(cell(name)).filter(|theirs| *theirs != ours) {
            found.push(format!("{name} {ours}, not {theirs}"));
        }
    };
    same("bytes_per_token_unbounded", cache.bytes_per_token.get());
    same("n_full", count(CacheKind::Full));
    same("n_mla", count(CacheKind::Latent));
    same("n_sliding", count(CacheKind::Sliding));
    same("n_chunked", count(CacheKind::Chunked));
    same("n_state", count(CacheKind::State));
    same("n_cross", count(CacheKind::Cross));
    if number(cell("state_bytes_per_seq")).is_some_and(|bytes| bytes > 0) {
        same("state_bytes_per_seq", cache.state_bytes_per_sequence.get());
    }
    if !cell("pool_bytes_per_block").is_empty() {
        same("pool_bytes_per_block", paging.bytes_per_block.get());
        let batch = |tokens| InFlight { tokens, encoder_tokens: Some(8192), state_blocks: 1 };
        for (length, tokens) in
            [("1024", 1024), ("4096", 4096), ("8192", 8192), ("32768", 32_768), ("131072", 131_072)]
        {
            same(&format!("engine_bytes_{length}"), paging.sequence(tokens, batch(1)).get());
        }
        for (length, tokens) in [("4096", 4096), ("32768", 32_768), ("131072", 131_072)] {
            same(&format!("engine_admission_{length}"), paging.sequence(tokens, batch(2 * 8192)).get());
        }
    }
    Ok(found)
}
