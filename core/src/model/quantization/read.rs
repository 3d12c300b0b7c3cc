//! Finding and reading the quantization of a checkpoint.

use serde_json::{Map, Value};

use super::{Names, Quantization, compressed_tensors, modelopt, others, rules};
use crate::model::json;
use crate::problem::Problem;

type Fields = Map<String, Value>;
type Read = fn(&Part) -> Result<Quantization, Problem>;

/// Methods that are known, and who reads them. Sorted.
#[rustfmt::skip]
const METHODS: &[(&str, Read)] = &[
    ("auto-round",         others::gptq),
    ("awq",                others::awq),
    ("bitsandbytes",       others::bitsandbytes),
    ("compressed-tensors", compressed_tensors::read),
    ("eetq",               others::eetq),
    ("fbgemm_fp8",         others::fbgemm_fp8),
    ("fp8",                others::fp8),
    ("gptq",               others::gptq),
    ("hqq",                others::hqq),
    ("modelopt",           modelopt::read),
    ("modelopt_fp4",       modelopt::read),
    ("modelopt_mixed",     modelopt::read),
    ("mxfp4",              others::mxfp4),
    ("quark",              others::quark),
    ("torchao",            others::torchao),
];

/// The names of the methods that are known, sorted.
pub const KNOWN: [&str; METHODS.len()] = {
    let mut names = [""; METHODS.len()];
    let mut i = 0;
    while i < METHODS.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time, over the table's own length")]
        {
            names[i] = METHODS[i].0;
        }
        i += 1;
    }
    names
};

/// The object that describes a quantization, and what its messages are about.
pub(super) struct Part<'a> {
    subject: String,
    map: &'a Fields,
}

impl<'a> Part<'a> {
    pub(super) fn new(subject: &str, map: &'a Fields) -> Part<'a> {
        Part { subject: subject.to_owned(), map }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn part(&self, name: &str) -> Option<Part<'a>> {
        let map = self.get(name)?.as_object()?;
        Some(Part { subject: format!("{}.{name}", self.subject), map })
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.map.iter()
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A whole number from 1 to 2^24; absent gives `None`.
    pub(super) fn count(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_u64() {
            Some(count) if (1..=1 << 24).contains(&count) => Ok(Some(count)),
            _ => Err(self.bad(name, value.to_string(), "a whole number from 1 to 16777216")),
        }
    }

    /// Bits per weight: one of `allowed`.
    pub(super) fn bits(&self, name: &str, default: u64, allowed: &[u64]) -> Result<u64, Problem> {
        let bits = self.count(name)?.unwrap_or(default);
        if allowed.contains(&bits) {
            return Ok(bits);
        }
        let known: Vec<String> = allowed.iter().map(u64::to_string).collect();
        Err(self.bad(name, bits.to_string(), &format!("one of {}", known.join(", "))))
    }

    /// The module names listed under any of `fields`.
    pub(super) fn names(&self, fields: &[&str]) -> Result<Names, Problem> {
        let lists = fields.iter().filter_map(|name| self.get(name)?.as_array()).flatten();
        Names::new(&self.subject, lists.filter_map(Value::as_str))
    }

    pub(super) fn bad(&self, name: &str, found: impl Into<String>, expected: &str) -> Problem {
        let subject = if name.is_empty() { self.subject.clone() } else { format!("{}.{name}", self.subject) };
        Problem::new("bad-quantization", subject, found, expected)
    }
}

/// The quantization that a config describes, at its top or in its language model; `None` where it has none.
///
/// # Errors
/// `unknown-quantization` with the list of known methods, `bad-quantization`, `bad-pattern`.
pub fn read(config: &Fields) -> Result<Option<Quantization>, Problem> {
    let nested = ["text_config", "llm_config", "language_config", "thinker_config"];
    let places = std::iter::once(("", config))
        .chain(nested.into_iter().filter_map(|name| Some((name, config.get(name)?.as_object()?))));
    for (place, fields) in places {
        for name in ["quantization_config", "compression_config"] {
            let Some(value) = fields.get(name).filter(|value| !value.is_null()) else { continue };
            let subject = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
            let Some(map) = value.as_object() else {
                return Err(Problem::new("bad-quantization", subject, json::kind(value), "an object"));
            };
            if map.is_empty() {
                continue;
            }
            let mut found = method(&Part::new(&subject, map))?;
            deepseek_fp4(config, &mut found);
            return rules::affordable(&subject, found).map(Some);
        }
    }
    Ok(None)
}

/// The quantization that ModelOpt writes beside a config, `hf_quant_config.json`.
///
/// # Errors
/// As [`read`], and those of [`json::object`].
pub fn read_side_file(text: &str) -> Result<Quantization, Problem> {
    let subject = "hf_quant_config.json";
    let map = json::object(subject, text)?;
    let part = Part::new(subject, &map);
    rules::affordable(subject, modelopt::read(&part.part("quantization").unwrap_or(part))?)
}

fn method(part: &Part) -> Result<Quantization, Problem> {
    // ModelOpt has written its algorithm under the method name `fp8`, and without any method name.
    if part.get("quant_algo").is_some() && part.text("quant_method").is_none_or(|method| method == "fp8") {
        return modelopt::read(part);
    }
    let Some(method) = part.text("quant_method") else {
        return match () {
            () if part.get("config_groups").is_some() => compressed_tensors::read(part),
            () if part.flag("load_in_4bit") || part.flag("load_in_8bit") => others::bitsandbytes(part),
            () => Err(unknown(part, "nothing")),
        };
    };
    let row = METHODS.binary_search_by_key(&method, |(name, _)| name).ok().and_then(|row| METHODS.get(row));
    match row {
        Some((_, read)) => read(part),
        None => Err(unknown(part, &format!("{method:?}"))),
    }
}

fn unknown(part: &Part, found: &str) -> Problem {
    let mut problem = part.bad("quant_method", found, &format!("one of {}", KNOWN.join(", ")));
    problem.code = "unknown-quantization";
    problem.hint("the bytes of an unknown method would be a guess; state the format to assume instead")
}

/// DeepSeek-V4 says `fp8` and stores its experts at 4 bits, which a field outside the quantization tells.
fn deepseek_fp4(config: &Fields, found: &mut Quantization) {
    if config.get("expert_dtype").and_then(Value::as_str) == Some("fp4") {
        let names = Names::new("expert_dtype", ["experts"]).ok();
        found.rules.insert(0, super::Rule { names, packing: Some(others::MXFP4) });
        found.method = format!("{}, experts fp4", found.method).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_method_is_found() {
        assert!(METHODS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn an_unknown_method_is_refused_with_the_known_ones() {
        let config = json::object("c", r#"{"quantization_config": {"quant_method": "exl9"}}"#).unwrap();
        assert_eq!(
            read(&config).unwrap_err().to_string(),
            "quantization_config.quant_method: found \"exl9\", expected one of auto-round, awq, bitsandbytes, \
             compressed-tensors, eetq, fbgemm_fp8, fp8, gptq, hqq, modelopt, modelopt_fp4, modelopt_mixed, mxfp4, \
             quark, torchao"
        );
    }
}
