//! Tables that are text, packed by `build.rs` and unpacked record by record as they are asked about.

use std::sync::OnceLock;

/// A table of records: names, and what stands for them.
pub(crate) struct Table {
    /// Keys of all names, ascending.
    keys: &'static [u32],
    /// The block in which each of them stands.
    homes: &'static [u16],
    /// All blocks, of one record each.
    packed: &'static [u8],
    /// Where each block starts, and where the last one ends.
    starts: &'static [u32],
    /// The texts of those that were asked for.
    texts: &'static [OnceLock<String>],
}

/// What blocks of all tables are made of.
#[cfg(not(feature = "plain"))]
struct Symbols {
    /// How many symbols, from the first, are written as one byte; the others as two.
    short: usize,
    /// What each symbol stands for, as in `build/pairs.rs`: up to three bytes and above them their number, or two
    /// other symbols of fifteen bits each.
    rows: &'static [u32],
}

#[cfg(not(feature = "plain"))]
static SYMBOLS: Symbols = include!(concat!(env!("OUT_DIR"), "/symbols.rs"));

/// Defaults of configuration classes.
pub(crate) static CLASS_DEFAULTS: Table = include!(concat!(env!("OUT_DIR"), "/class_defaults.rs"));
/// Well-known models.
pub(crate) static MODELS: Table = include!(concat!(env!("OUT_DIR"), "/models.rs"));
/// Layouts of models that stand alone.
pub(crate) static LAYOUTS: Table = include!(concat!(env!("OUT_DIR"), "/layouts.rs"));
/// Layouts of larger models.
pub(crate) static LARGER_LAYOUTS: Table = include!(concat!(env!("OUT_DIR"), "/larger_layouts.rs"));

impl Table {
    /// The record that has `name` among its names, in any case: its names, and the rest.
    pub(crate) fn find(&'static self, name: &str) -> Option<(&'static str, &'static str)> {
        let at = self.keys.binary_search(&key(name)).ok()?;
        let home = *self.homes.get(at)?;
        let record = record(self.text(home.into()));
        record.filter(|(names, _)| names.split(' ').any(|one| one.eq_ignore_ascii_case(name)))
    }

    /// Every record, in the order of the source.
    pub(crate) fn records(&'static self) -> impl Iterator<Item = (&'static str, &'static str)> {
        (0..self.texts.len()).filter_map(|block| record(self.text(block)))
    }

    fn text(&'static self, block: usize) -> &'static str {
        let Some(text) = self.texts.get(block) else { return "" };
        text.get_or_init(|| self.packed(block).map(unpack).unwrap_or_default())
    }

    fn packed(&self, block: usize) -> Option<&'static [u8]> {
        let place = |block: usize| usize::try_from(*self.starts.get(block)?).ok();
        self.packed.get(place(block)?..place(block.checked_add(1)?)?)
    }
}

#[cfg(feature = "plain")]
fn unpack(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(not(feature = "plain"))]
fn unpack(packed: &[u8]) -> String {
    let (mut text, mut bytes) = (Vec::with_capacity(packed.len().saturating_mul(4)), packed.iter());
    while let Some(first) = bytes.next() {
        let first = usize::from(*first);
        SYMBOLS.put(
            match first.checked_sub(SYMBOLS.short) {
                None => first,
                Some(long) => {
                    let second = bytes.next().map_or(0, |byte| usize::from(*byte));
                    SYMBOLS.short + (long << 8) + second
                }
            },
            &mut text,
        );
    }
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(not(feature = "plain"))]
impl Symbols {
    /// Puts what `symbol` stands for behind `text`.
    fn put(&self, mut symbol: usize, text: &mut Vec<u8>) {
        while let Some(row) = self.rows.get(symbol).copied() {
            if let length @ 1.. = row >> 30 {
                let bytes = row.to_le_bytes();
                text.extend_from_slice(bytes.get(..length as usize).unwrap_or_default());
                return;
            }
            self.put((row >> 15) as usize, text);
            symbol = (row & 0x7fff) as usize;
        }
    }
}

fn record(text: &'static str) -> Option<(&'static str, &'static str)> {
    text.split_once('\t')
}

/// As in `build.rs`: FNV-1a of the name in lower case.
fn key(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of a table comes out as it went in, and is found by each of its names.
    #[test]
    fn nothing_is_lost() {
        for (table, source) in [
            (&CLASS_DEFAULTS, include_str!("model/class_defaults.tsv")),
            (&MODELS, include_str!("catalog/facts.tsv")),
        ] {
            let lines: Vec<String> =
                table.records().map(|(names, body)| format!("{names}\t{body}\n")).collect();
            assert_eq!(lines.concat(), source);
            for (names, body) in table.records() {
                for name in names.split(' ') {
                    assert_eq!(table.find(&name.to_ascii_uppercase()), Some((names, body)), "{name}");
                }
            }
            assert_eq!(table.find("no/such-name"), None);
        }
    }

    #[test]
    fn layouts_are_found_by_class_and_by_the_name_of_a_part() {
        let (names, body) = LAYOUTS.find("mllama_text_model").unwrap();
        assert_eq!(names, "mllama_text_model");
        assert!(body.starts_with("H := hidden_size\nA := num_attention_heads\n"));
        assert!(LAYOUTS.records().chain(LARGER_LAYOUTS.records()).all(|(names, body)| {
            !names.is_empty() && !body.is_empty() && !body.contains("\n#") && !body.contains("\n= ")
        }));
        assert!(LARGER_LAYOUTS.find("llava").is_some());
    }
}
