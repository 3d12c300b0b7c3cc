//! Flags of vLLM that are left to the engine, written out.

use serde_json::{Map, Value};

use super::change::Change;
use super::edit;
use crate::engine::Serving;
use crate::kubernetes::Container;

/// Whether flags can be appended to the command line: it is written in the object, and is no script.
pub(super) fn can_be_added(container: &Container) -> bool {
    let shell = container.command.iter().chain(&container.args).take(2).any(|word| {
        let program = word.rsplit('/').next().unwrap_or_default();
        matches!(program, "sh" | "bash" | "ash" | "dash" | "zsh" | "-c" | "-lc")
    });
    let written = !container.args.is_empty() || !container.command.is_empty();
    written && !shell
}

/// The flags of `sized` that `asked` leaves to the engine.
pub(super) fn missing(asked: &Serving, sized: &Serving) -> Vec<String> {
    let mut flags = Vec::new();
    let mut flag = |name: &str, asked: Option<String>, sized: Option<String>| {
        if let (None, Some(value)) = (asked, sized) {
            flags.push(format!("--{name}={value}"));
        }
    };
    let number = |value: Option<u64>| value.map(|number| number.to_string());
    flag("max-model-len", number(asked.max_model_len), number(sized.max_model_len));
    flag("max-num-seqs", number(asked.max_num_seqs), number(sized.max_num_seqs));
    flag(
        "gpu-memory-utilization",
        asked.gpu_memory_utilization.map(|share| share.to_string()),
        sized.gpu_memory_utilization.map(|share| share.to_string()),
    );
    flags
}

/// Appends `flags` to the container's arguments.
pub(super) fn write(
    container: &Container,
    flags: Vec<String>,
    map: &mut Map<String, Value>,
    changes: &mut Vec<Change>,
) -> Option<()> {
    if flags.is_empty() {
        return Some(());
    }
    let args = edit::list(map, "args")?;
    for flag in flags {
        args.push(flag.clone().into());
        changes.push(Change { at: format!("{}.args", container.path), from: None, to: flag });
    }
    Some(())
}
