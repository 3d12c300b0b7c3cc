//! How the engine of a row was told to serve, as far as the row and its source say.

use migfit::engine::{Maker, Serving, for_version};
use migfit::model::Model;

use super::logs::Row;

/// What a row's source states beyond the row.
const SETTINGS: &str = include_str!("settings.tsv");

/// The settings of `row`.
pub(crate) fn serving(row: &Row, model: &Model) -> Serving {
    let version = row.get("engine_version");
    let version = version.find("0.").map_or("0", |at| &version[at..]);
    // With 0.8 both engines could be chosen; only the older prints blocks.
    let newer = version.starts_with("0.8") && row.get("num_gpu_blocks").is_empty();
    let engine = for_version(maker(row), if newer { "0.9" } else { version }).unwrap();
    let notes = row.get("notes");
    let batch = notes.split("max_num_batched_tokens=").nth(1);
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let share = row.get("gpu_memory_utilization").replace("mem-fraction-static ", "");
    let on_load = row.get("quantization").contains("bitsandbytes") && model.quantization.is_none();
    let or_auto = |text: &str| {
        let word = text.split(' ').next().unwrap_or("");
        if word.is_empty() { "auto".to_owned() } else { word.to_owned() }
    };
    let base = Serving {
        engine: engine.id.to_owned(),
        max_model_len: row.get("max_model_len").parse().ok(),
        dtype: or_auto(row.get("dtype")),
        quantization: if on_load { "bnb-4bit" } else { "auto" }.to_owned(),
        kv_cache_dtype: or_auto(row.get("kv_cache_dtype")),
        gpu_memory_utilization: share.split(' ').next().and_then(|share| share.parse().ok()),
        max_num_seqs: row.get("max_num_seqs").parse().ok(),
        max_num_batched_tokens: batch.and_then(number),
        tensor_parallel: row.get("tp").parse().unwrap_or(1),
        enforce_eager: notes.contains("enforce_eager"),
        ..Serving::default()
    };
    let mut fields = serde_json::to_value(base).unwrap();
    fields.as_object_mut().unwrap().extend(stated(row.get("id")));
    serde_json::from_value(fields).unwrap()
}

/// Whose engine wrote the log.
pub(crate) fn maker(row: &Row) -> Maker {
    if row.get("engine") == "sglang" { Maker::Sglang } else { Maker::Vllm }
}

fn stated(id: &str) -> serde_json::Map<String, serde_json::Value> {
    let mut rows = SETTINGS.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.find(|row| row[0] == id).map(|row| serde_json::from_str(row[1]).unwrap()).unwrap_or_default()
}
