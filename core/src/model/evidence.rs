//! What a checkpoint itself says about its size: better evidence than a count from its config.
//!
//! Three files say it: `model.safetensors.index.json`, the `safetensors` object of the Hub's answer about a model, and
//! the header of a `.safetensors` file (its length in 8 bytes, then JSON).
//! Source: the safetensors format, <https://github.com/huggingface/safetensors>.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::json;
use crate::problem::Problem;
use crate::units::Bytes;

/// What a checkpoint says about its size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What was read.
    pub kind: Kind,
    /// Bytes of all tensors.
    pub bytes: Option<Bytes>,
    /// Elements of all tensors; two packed 4-bit weights are one.
    pub elements: Option<u64>,
    /// By number format as the file spells it, sorted; empty where the file does not say.
    pub by_dtype: Vec<Stored>,
    /// Whether an output matrix is stored apart, where tensors are named.
    pub stores_head: Option<bool>,
}

/// A file that tells sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `model.safetensors.index.json`: all files of a checkpoint.
    Index,
    /// The Hub's `safetensors` object: all files of a checkpoint.
    HubMetadata,
    /// The header of one file, which may be one of several.
    Header,
}

/// Elements of one number format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// `BF16`, `F8_E4M3`, `U8`.
    pub dtype: String,
    /// How many.
    pub elements: u64,
    /// Their bytes, `None` for a format that is not known.
    pub bytes: Option<Bytes>,
}

/// Reads any of the three from the first bytes of a file.
///
/// # Errors
/// `too-large`, `not-text`, `not-json`, `bad-evidence`.
pub fn read(bytes: &[u8]) -> Result<Evidence, Problem> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return of_json(&object(bytes)?);
    }
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(bad("evidence", "nothing", "a JSON object or a safetensors header"));
    };
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > json::MAX_TEXT_BYTES {
        let expected = format!("at most {} (or a JSON object)", json::MAX_TEXT_BYTES);
        return Err(bad("length of the header", format!("{length} bytes"), expected));
    }
    match rest.get(..length) {
        Some(header) => of_header(&object(header)?),
        None => {
            Err(bad("header", format!("{} bytes", rest.len()), format!("{length} bytes, as its length says")))
        }
    }
}

fn bad(subject: &str, found: impl Into<String>, expected: impl Into<String>) -> Problem {
    Problem::new("bad-evidence", subject, found, expected)
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = core::str::from_utf8(bytes).map_err(|error| {
        Problem::new("not-text", "evidence", format!("bytes that are not UTF-8 ({error})"), "JSON")
    })?;
    json::object("evidence", text)
}

fn of_json(map: &Map<String, Value>) -> Result<Evidence, Problem> {
    let inner = map.get("safetensors").and_then(Value::as_object).unwrap_or(map);
    if let Some(names) = map.get("weight_map").and_then(Value::as_object) {
        let size = map.get("metadata").and_then(|metadata| metadata.get("total_size"));
        let size = size.map(|size| whole("metadata.total_size", size)).transpose()?;
        return Ok(Evidence {
            kind: Kind::Index,
            bytes: size.map(Bytes::new),
            elements: None,
            by_dtype: Vec::new(),
            stores_head: Some(names.keys().any(|name| is_head(name))),
        });
    }
    if let Some(counts) = inner.get("parameters").and_then(Value::as_object) {
        let mut sums = BTreeMap::new();
        for (dtype, count) in counts {
            sums.insert(dtype.clone(), whole("parameters", count)?);
        }
        return Ok(summed(Kind::HubMetadata, sums, None));
    }
    let expected = "weight_map (an index), parameters (the Hub's metadata) or a safetensors header";
    Err(bad("evidence", "an object without them", expected))
}

fn of_header(map: &Map<String, Value>) -> Result<Evidence, Problem> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    let tensors = || map.iter().filter(|(name, _)| *name != "__metadata__");
    for (name, tensor) in tensors() {
        let dtype = tensor.get("dtype").and_then(Value::as_str);
        let shape = tensor.get("shape").and_then(Value::as_array);
        let (Some(dtype), Some(shape)) = (dtype, shape) else {
            return Err(bad(name, "no dtype or no shape", "both, as every tensor of a header has"));
        };
        let mut elements: u64 = 1;
        for side in shape {
            elements = elements.saturating_mul(whole(name, side)?);
        }
        let sum = sums.entry(dtype.to_owned()).or_default();
        *sum = sum.saturating_add(elements);
    }
    Ok(summed(Kind::Header, sums, Some(tensors().any(|(name, _)| is_head(name)))))
}

fn summed(kind: Kind, sums: BTreeMap<String, u64>, stores_head: Option<bool>) -> Evidence {
    let by_dtype: Vec<Stored> = sums
        .into_iter()
        .map(|(dtype, elements)| Stored {
            bytes: bits(&dtype).map(|bits| Bytes::saturating((u128::from(elements) * bits).div_ceil(8))),
            dtype,
            elements,
        })
        .collect();
    Evidence {
        kind,
        bytes: by_dtype.iter().map(|row| row.bytes).sum(),
        elements: Some(by_dtype.iter().fold(0, |sum, row| row.elements.saturating_add(sum))),
        by_dtype,
        stores_head,
    }
}

/// Bits of an element. Source: `safetensors/src/tensor.rs`, `Dtype`.
fn bits(dtype: &str) -> Option<u128> {
    Some(match dtype {
        "F64" | "I64" | "U64" | "C64" => 64,
        "F32" | "I32" | "U32" => 32,
        "F16" | "BF16" | "I16" | "U16" => 16,
        "F8_E4M3" | "F8_E5M2" | "F8_E8M0" | "F8_E4M3FNUZ" | "F8_E5M2FNUZ" | "I8" | "U8" | "BOOL" => 8,
        "F6_E2M3" | "F6_E3M2" => 6,
        "F4" => 4,
        _ => return None,
    })
}

fn is_head(name: &str) -> bool {
    name.ends_with("lm_head.weight") || name == "output.weight"
}

/// Some writers give sizes as `16060522496.0`.
fn whole(subject: &str, value: &Value) -> Result<u64, Problem> {
    let text = value.to_string();
    let number = text.strip_suffix(".0").unwrap_or(&text).parse();
    number.map_err(|_| bad(subject, json::kind(value), "a whole number from 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(json: &str) -> Vec<u8> {
        let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(json.as_bytes());
        bytes
    }

    #[test]
    fn an_index_gives_bytes_and_names() {
        let index = br#" {"metadata": {"total_size": 16060522496.0}, "weight_map": {"lm_head.weight": "a", "x": "b"}}"#;
        let found = read(index).unwrap();
        assert_eq!((found.kind, found.bytes), (Kind::Index, Some(Bytes::new(16_060_522_496))));
        assert_eq!((found.elements, found.stores_head), (None, Some(true)));
        let without = read(br#"{"weight_map": {"x": "b"}}"#).unwrap();
        assert_eq!((without.bytes, without.stores_head), (None, Some(false)));
    }

    #[test]
    fn the_hubs_metadata_gives_elements_by_format() {
        let found =
            read(br#"{"safetensors": {"parameters": {"F8_E4M3": 6, "BF16": 4}, "total": 10}}"#).unwrap();
        assert_eq!((found.kind, found.elements), (Kind::HubMetadata, Some(10)));
        assert_eq!(found.bytes, Some(Bytes::new(14)));
        assert_eq!(found.by_dtype[0].dtype, "BF16");
        let odd = read(br#"{"parameters": {"Q9": 6, "BF16": 4}}"#).unwrap();
        assert_eq!((odd.bytes, odd.elements), (None, Some(10)), "no bytes where a format is not known");
    }

    #[test]
    fn a_header_gives_tensors() {
        let found = read(&header(
            r#"{"__metadata__": {"format": "pt"}, "lm_head.weight": {"dtype": "BF16", "shape": [3, 2], "data_offsets": [0, 12]},
                "b": {"dtype": "F32", "shape": [], "data_offsets": [12, 16]}}"#,
        ));
        let found = found.unwrap();
        assert_eq!((found.kind, found.elements, found.bytes), (Kind::Header, Some(7), Some(Bytes::new(16))));
        assert_eq!(found.stores_head, Some(true));
    }

    #[test]
    fn what_is_none_of_them_is_refused_with_a_reason() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(message(b""), "evidence: found nothing, expected a JSON object or a safetensors header");
        assert_eq!(
            message(&u64::MAX.to_le_bytes()),
            "length of the header: found 18446744073709551615 bytes, expected at most 16777216 (or a JSON object)"
        );
        assert_eq!(
            message(&10_u64.to_le_bytes()),
            "header: found 0 bytes, expected 10 bytes, as its length says"
        );
        assert_eq!(
            message(b"{}"),
            "evidence: found an object without them, expected weight_map (an index), parameters (the Hub's metadata) \
             or a safetensors header"
        );
        assert_eq!(
            message(&header(r#"{"a": {"dtype": "BF16"}}"#)),
            "a: found no dtype or no shape, expected both, as every tensor of a header has"
        );
        assert_eq!(
            message(&header(r#"{"a": {"dtype": "BF16", "shape": [-1]}}"#)),
            "a: found a number, expected a whole number from 0"
        );
        // A hostile shape saturates instead of wrapping.
        let huge = header(r#"{"a": {"dtype": "F64", "shape": [4294967296, 4294967296, 4294967296]}}"#);
        assert_eq!(read(&huge).unwrap().bytes, Some(Bytes::MAX));
    }
}
