//! Packs the tables that are text into blocks that are unpacked one at a time: a module with them is a third smaller,
//! and a question unpacks only what it asks about. `src/packed.rs` reads what is written here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};

/// A block is closed once it holds this much text: larger ones pack better, smaller ones unpack sooner.
const BLOCK: usize = 6 << 10;

/// Layouts of models that stand alone, in the order of their files.
const ALONE: [&str; 7] = ["decoders", "encoders", "images", "rare", "recurrent", "seq2seq", "speech"];
/// Layouts of larger models, which hold a language model.
const LARGER: [&str; 6] = ["dual", "multimodal", "seeing", "speaking", "towers", "vision"];

/// Names, separated by blanks, and what stands for them.
type Record = (String, String);

fn main() -> Result<()> {
    let source = PathBuf::from("src");
    let out = PathBuf::from(std::env::var("OUT_DIR").map_err(std::io::Error::other)?);
    println!("cargo::rerun-if-changed=build.rs");
    let defaults = lines(&read(&source.join("model/class_defaults.tsv"))?);
    let models = lines(&read(&source.join("catalog/facts.tsv"))?);
    let layouts = source.join("model/families/layouts");
    for (name, records) in [
        ("class_defaults", defaults),
        ("models", models),
        ("layouts", sections(&layouts, &ALONE)?),
        ("larger_layouts", sections(&layouts, &LARGER)?),
    ] {
        fs::write(out.join(format!("{name}.rs")), table(&out, name, &records)?)?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file)
}

/// One record a line: names, a tab, the rest.
fn lines(text: &str) -> Vec<Record> {
    text.lines().filter_map(|line| line.split_once('\t')).map(owned).collect()
}

fn owned((names, body): (&str, &str)) -> Record {
    (names.to_owned(), body.to_owned())
}

/// One record a section, without comments.
fn sections(folder: &Path, files: &[&str]) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    for file in files {
        let text = read(&folder.join(format!("{file}.layout")))?;
        let told: Vec<&str> =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let text = format!("\n{}", told.join("\n"));
        records.extend(text.split("\n= ").skip(1).filter_map(|part| part.split_once('\n')).map(owned));
    }
    Ok(records)
}

/// The source text of a `Table`, with its blocks in a file beside it.
fn table(out: &Path, name: &str, records: &[Record]) -> Result<String> {
    let mut blocks: Vec<String> = vec![String::new()];
    let mut keys: BTreeMap<u32, usize> = BTreeMap::new();
    for (names, body) in records {
        if blocks.last().is_some_and(|block| block.len() >= BLOCK) {
            blocks.push(String::new());
        }
        for one in names.split(' ') {
            if keys.insert(hash(one), blocks.len() - 1).is_some_and(|known| known + 1 != blocks.len()) {
                return Err(std::io::Error::other(format!("{name}: {one} has the key of another name")));
            }
        }
        if let Some(block) = blocks.last_mut() {
            let _ = write!(block, "{names}\t{body}\u{1e}");
        }
    }
    let mut packed: Vec<u8> = Vec::new();
    let mut places = String::new();
    for block in &blocks {
        let bytes = miniz_oxide::deflate::compress_to_vec(block.as_bytes(), 10);
        let _ = write!(places, "({}, {}, {}), ", packed.len(), bytes.len(), block.len());
        packed.extend(bytes);
    }
    fs::write(out.join(format!("{name}.bin")), &packed)?;
    let hashes: Vec<String> = keys.keys().map(u32::to_string).collect();
    let homes: Vec<String> = keys.values().map(usize::to_string).collect();
    let (keys, homes, count) = (hashes.join(", "), homes.join(", "), blocks.len());
    Ok(format!(
        "{{
    static TEXTS: [OnceLock<String>; {count}] = [const {{ OnceLock::new() }}; {count}];
    Table {{
        keys: &[{keys}],
        homes: &[{homes}],
        packed: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.bin\")),
        places: &[{places}],
        texts: &TEXTS,
    }}
}}
"
    ))
}

/// As in `src/packed.rs`: FNV-1a of the name in lower case.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}
