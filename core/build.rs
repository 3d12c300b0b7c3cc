//! Packs the tables that are text into blocks that are unpacked one at a time: a module with them is a third smaller,
//! and a question unpacks only what it asks about. `src/packed.rs` reads what is written here. With the feature
//! `plain` the blocks stay text, for doors that are compressed on their way.

#[path = "build/pairs.rs"]
mod pairs;

use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};

/// Layouts of models that stand alone, in the order of their files.
const ALONE: [&str; 7] = ["decoders", "encoders", "images", "rare", "recurrent", "seq2seq", "speech"];
/// Layouts of larger models, which hold a language model.
const LARGER: [&str; 7] = ["dual", "listening", "multimodal", "seeing", "speaking", "towers", "vision"];

/// Names, separated by blanks, and what stands for them.
type Record = (String, String);

fn main() -> Result<()> {
    let source = PathBuf::from("src");
    let out = PathBuf::from(std::env::var("OUT_DIR").map_err(std::io::Error::other)?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/pairs.rs");
    let defaults = lines(&read(&source.join("model/class_defaults.tsv"))?);
    let models = lines(&read(&source.join("catalog/facts.tsv"))?);
    let layouts = source.join("model/families/layouts");
    let tables = [
        cut("class_defaults", &defaults)?,
        cut("models", &models)?,
        cut("layouts", &sections(&layouts, &ALONE)?)?,
        cut("larger_layouts", &sections(&layouts, &LARGER)?)?,
    ];
    let texts: Vec<String> = tables.iter().flat_map(|table| table.blocks.clone()).collect();
    if std::env::var_os("CARGO_FEATURE_PLAIN").is_some() {
        let mut rest: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        for table in &tables {
            let others = rest.split_off(table.blocks.len());
            write_table(&out, table, &rest)?;
            rest = others;
        }
        return Ok(());
    }
    let packed = pairs::pack(&texts);
    let rows: Vec<String> = packed.rows.iter().map(u32::to_string).collect();
    let rows = format!("Symbols {{ short: {}, rows: &[{}] }}", packed.short, rows.join(", "));
    fs::write(out.join("symbols.rs"), rows)?;
    let mut rest = packed.texts;
    for table in &tables {
        let others = rest.split_off(table.blocks.len());
        write_table(&out, table, &rest)?;
        rest = others;
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

/// A table, cut into blocks of one record each.
struct Table {
    name: &'static str,
    /// Keys of all names, and the block of each.
    keys: BTreeMap<u32, usize>,
    blocks: Vec<String>,
}

fn cut(name: &'static str, records: &[Record]) -> Result<Table> {
    let mut keys: BTreeMap<u32, usize> = BTreeMap::new();
    for (block, (names, _)) in records.iter().enumerate() {
        for one in names.split(' ') {
            if keys.insert(hash(one), block).is_some_and(|known| known != block) {
                return Err(std::io::Error::other(format!("{name}: {one} has the key of another name")));
            }
        }
    }
    let blocks = records.iter().map(|(names, body)| format!("{names}\t{body}")).collect();
    Ok(Table { name, keys, blocks })
}

/// Writes the source text of a `Table`, with its blocks in a file beside it.
fn write_table(out: &Path, table: &Table, blocks: &[Vec<u8>]) -> Result<()> {
    let Table { name, keys, .. } = table;
    let mut starts = vec![0];
    starts.extend(blocks.iter().scan(0, |end, block| {
        *end += block.len();
        Some(*end)
    }));
    fs::write(out.join(format!("{name}.bin")), blocks.concat())?;
    let list = |numbers: Vec<String>| numbers.join(", ");
    let hashes = list(keys.keys().map(u32::to_string).collect());
    let homes = list(keys.values().map(usize::to_string).collect());
    let starts = list(starts.iter().map(usize::to_string).collect());
    let count = blocks.len();
    fs::write(
        out.join(format!("{name}.rs")),
        format!(
            "{{
    static TEXTS: [OnceLock<String>; {count}] = [const {{ OnceLock::new() }}; {count}];
    Table {{
        keys: &[{hashes}],
        homes: &[{homes}],
        packed: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.bin\")),
        starts: &[{starts}],
        texts: &TEXTS,
    }}
}}
"
        ),
    )
}

/// As in `src/packed.rs`: FNV-1a of the name in lower case.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}
