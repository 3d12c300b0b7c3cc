//! How a container starts its engine, read from its command line.

use super::container::Container;
use super::flags::{self, Flag};
use super::words::{Word, words};
use crate::engine::Serving;
use crate::model::DType;
use crate::problem::Problem;
use crate::ratio::Ratio;

/// How a container starts its engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Whether the engine is recognised as vLLM. The other fields are defaults where it is not.
    pub vllm: bool,
    /// The model that the command line names.
    pub model: Option<String>,
    /// The settings that it names; what it leaves out is left to the engine.
    pub serving: Serving,
    /// The method that it names for packing weights (`--quantization`). A packed checkpoint is served as it is;
    /// what packing an unpacked one takes is not worked out.
    pub quantization: Option<String>,
    /// Devices that the layers are shared out to (`--pipeline-parallel-size`).
    pub pipeline_parallel: u64,
    /// Copies of the model (`--data-parallel-size`).
    pub data_parallel: u64,
    /// Whether the ranks may run in other pods as well.
    pub several_nodes: bool,
    /// Flags that change the need and are not worked out, or whose value is known only at run time.
    /// With any of them an estimate proves nothing.
    pub open: Vec<String>,
}

/// Reads the command line of `container`.
///
/// # Errors
/// `bad-flag`, one for each flag with a value that the engine would refuse.
pub fn launch(container: &Container) -> Result<Launch, Vec<Problem>> {
    let words = words(container);
    let mut launch = Launch {
        vllm: is_vllm(container, &words),
        model: None,
        serving: Serving::default(),
        quantization: None,
        pipeline_parallel: 1,
        data_parallel: 1,
        several_nodes: false,
        open: Vec::new(),
    };
    if !launch.vllm {
        return Ok(launch);
    }
    launch.model = positional(container, &words);
    let mut problems = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let Some((name, flag, inline)) = known(word) else {
            if word.open {
                launch.open.push(format!("{:?} (known only at run time)", word.text));
            }
            continue;
        };
        let value = match (flag.takes_value(), inline) {
            (true, Some(text)) => Word { text: text.to_owned(), open: word.open },
            (true, None) => match rest.next() {
                Some(next) => next.clone(),
                None => Word { text: String::new(), open: true },
            },
            (false, _) => Word::default(),
        };
        if value.open {
            launch.open.push(format!("--{name} (known only at run time)"));
        } else if let Err(expected) = launch.set(name, flag, &value.text) {
            let subject = format!("{}: --{name}", container.path);
            problems.push(Problem::new("bad-flag", subject, format!("{:?}", value.text), expected));
        }
    }
    if problems.is_empty() { Ok(launch) } else { Err(problems) }
}

impl Launch {
    /// Applies one flag; the error is what would have been right.
    fn set(&mut self, name: &str, flag: Flag, value: &str) -> Result<(), &'static str> {
        const WHOLE: &str = "a whole number";
        match flag {
            Flag::Model => self.model = Some(value.to_owned()),
            // The engine takes what fits: it needs room for something.
            Flag::MaxModelLen if matches!(value, "auto" | "-1") => self.serving.max_model_len = Some(1),
            Flag::MaxModelLen => self.serving.max_model_len = Some(flags::number(value).ok_or(WHOLE)?),
            Flag::MaxNumSeqs => self.serving.max_num_seqs = Some(flags::number(value).ok_or(WHOLE)?),
            Flag::MaxNumBatchedTokens => {
                self.serving.max_num_batched_tokens = Some(flags::number(value).ok_or(WHOLE)?);
            }
            Flag::Utilization => {
                let ratio: Ratio =
                    value.parse().map_err(|_| "a number above 0 and at most 1, such as 0.92")?;
                self.serving.gpu_memory_utilization = Some(ratio);
            }
            Flag::KvCacheDtype => self.serving.kv_cache_dtype = self.dtype(name, value),
            Flag::Dtype => self.serving.dtype = self.dtype(name, value),
            Flag::Quantization => self.quantization = Some(value.to_owned()),
            Flag::TensorParallel => self.serving.tensor_parallel = flags::number(value).ok_or(WHOLE)?,
            Flag::PipelineParallel => self.pipeline_parallel = flags::number(value).ok_or(WHOLE)?,
            Flag::DataParallel => self.data_parallel = flags::number(value).ok_or(WHOLE)?,
            Flag::Executor => self.several_nodes |= value == "ray",
            Flag::Nodes => self.several_nodes |= flags::number(value).ok_or(WHOLE)? > 1,
            Flag::Eager => self.serving.enforce_eager = true,
            Flag::NotEager => self.serving.enforce_eager = false,
            Flag::Unmodelled => self.open.push(format!("--{name} {value}")),
            Flag::UnmodelledSwitch => self.open.push(format!("--{name}")),
        }
        Ok(())
    }

    /// A number format; one that is not known is left to the engine and noted.
    fn dtype(&mut self, name: &str, value: &str) -> String {
        if value == "auto" || DType::parse(value).is_some() {
            return value.to_owned();
        }
        self.open.push(format!("--{name} {value}"));
        "auto".to_owned()
    }
}

/// The flag that `word` writes, without its dashes, and the value behind `=`.
fn known(word: &Word) -> Option<(&'static str, Flag, Option<&str>)> {
    let short = word.text.strip_prefix('-')?;
    let name = short.strip_prefix('-').unwrap_or(short);
    let (name, value) = match name.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (name, None),
    };
    let (name, flag) = flags::find(name)?;
    Some((name, flag, value))
}

fn is_vllm(container: &Container, words: &[Word]) -> bool {
    let image = container.image.rsplit_once('@').map_or(container.image.as_str(), |(name, _)| name);
    image.contains("vllm") || words.iter().any(Word::starts_vllm)
}

/// The model in `vllm serve MODEL`, or first among the arguments of an image that starts the server itself.
fn positional(container: &Container, words: &[Word]) -> Option<String> {
    let place = match words.iter().position(|word| word.text == "serve") {
        Some(place) => place.checked_add(1)?,
        None if container.command.is_empty() => 0,
        None => return None,
    };
    let word = words.get(place)?;
    let is_model = !word.open && !word.text.is_empty() && !word.text.starts_with('-');
    is_model.then(|| word.text.clone())
}
