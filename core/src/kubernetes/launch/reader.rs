//! The words of a command line and the variables of a container, one after the other, into a [`Launch`].

use super::Launch;
use crate::kubernetes::container::Container;
use crate::kubernetes::flag_tables::{MODEL_VARIABLES, variables};
use crate::kubernetes::flags::{self, Flag};
use crate::kubernetes::model_name::named;
use crate::kubernetes::objects::Objects;
use crate::kubernetes::server::Server;
use crate::kubernetes::template;
use crate::kubernetes::words::{Command, Word, command, split, words_after_start};
use crate::problem::Problem;

/// The variable in which KServe's LLMInferenceService takes further flags of vLLM.
const MORE_FLAGS: &str = "VLLM_ADDITIONAL_ARGS";

/// See [`launch`](super::launch).
pub(super) fn read(container: &Container) -> Result<Launch, Vec<Problem>> {
    let Command { words, others } = command(container);
    let server = Server::of(container, &words);
    let mut reader = Reader {
        container,
        problems: Vec::new(),
        launch: Launch::new(container, server),
        named: None,
        objects: Objects::default(),
    };
    let Some(server) = server else {
        reader.model_of_variables();
        return Ok(reader.end());
    };
    if let Some(profile) = reader.launch.profile() {
        profile.clone_into(&mut reader.launch.serving.engine);
    }
    reader.variables(server);
    reader.positional(server, &words);
    let stated: Vec<Word> = container.stated.words.iter().map(|word| Word::known(word)).collect();
    reader.flags(server, &stated);
    if server == Server::Vllm {
        reader.more_flags();
    }
    reader.flags(server, &words);
    reader.model_of_variables();
    reader.others(&others);
    reader.objects();
    if reader.problems.is_empty() { Ok(reader.end()) } else { Err(reader.problems) }
}

struct Reader<'a> {
    container: &'a Container,
    problems: Vec<Problem>,
    launch: Launch,
    /// What names the model, the strongest word so far.
    named: Option<Word>,
    /// Flags whose values are objects, put together.
    objects: Objects,
}

impl Reader<'_> {
    /// The variables of the server's own.
    fn variables(&mut self, server: Server) {
        for (name, flag) in variables(server) {
            let Some(value) = self.container.env.get(name) else { continue };
            let word = Word { text: value.unwrap_or_default().to_owned(), open: value.is_none() };
            self.apply(name, (*flag, ""), word);
        }
    }

    /// Flags in [`MORE_FLAGS`].
    fn more_flags(&mut self) {
        match self.container.env.get(MORE_FLAGS) {
            Some(Some(text)) => self.flags(Server::Vllm, &split(text, &self.container.env)),
            Some(None) => self.launch.open.push(format!("{MORE_FLAGS} (known only at run time)")),
            None => {}
        }
    }

    fn flags(&mut self, server: Server, words: &[Word]) {
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            let Some((name, flag, keys, inline)) = known(server, word) else {
                if word.open {
                    self.launch.open.push(format!("{:?} (known only at run time)", word.text));
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
            self.apply(&format!("--{name}"), (flag, keys), value);
        }
    }

    /// Applies a flag, or the part of its object that `keys` lead to.
    fn apply(&mut self, name: &str, (flag, keys): (Flag, &str), value: Word) {
        if flag == Flag::Model {
            self.named = Some(value);
            return;
        }
        let unfilled = flag.is_object() && template::is_unrendered(&value.text);
        if value.open || unfilled {
            self.launch.open.push(format!("{name} (known only at run time)"));
            return;
        }
        let set = match flag {
            Flag::DraftMethod => self.objects.put(Flag::Speculation, "method", &value.text),
            Flag::DraftModel => self.objects.put(Flag::Speculation, "model", &value.text),
            Flag::DraftTokens => self.objects.put(Flag::Speculation, "num_speculative_tokens", &value.text),
            flag if flag.is_object() => self.objects.put(flag, keys, &value.text),
            flag => self.launch.set(name, flag, &value.text),
        };
        if let Err(expected) = set {
            let subject = format!("{}: {name}", self.container.path);
            self.problems.push(Problem::new("bad-flag", subject, format!("{:?}", value.text), expected));
        }
    }

    /// What the objects say, once all of their parts are read.
    fn objects(&mut self) {
        for (name, found, expected) in std::mem::take(&mut self.objects).apply(&mut self.launch) {
            let subject = format!("{}: {name}", self.container.path);
            self.problems.push(Problem::new("bad-flag", subject, found, expected));
        }
    }

    /// The model in `vllm serve MODEL`, `ollama run MODEL`, `trtllm-serve MODEL`, or first among the arguments of
    /// an image that starts the server itself.
    fn positional(&mut self, server: Server, words: &[Word]) {
        let behind = |verbs: &[&str], words: &[Word]| {
            let place = words.iter().position(|word| verbs.contains(&word.text.as_str()))?;
            words.get(place.checked_add(1)?).cloned()
        };
        let found = match server {
            Server::Ollama => {
                let verbs = ["run", "pull"];
                behind(&verbs, words).or_else(|| behind(&verbs, &words_after_start(self.container)))
            }
            Server::Vllm => behind(&["serve"], words).or_else(|| self.first_argument(words)),
            Server::TensorRtLlm => behind(&["serve"], words).or_else(|| behind(&["trtllm-serve"], words)),
            Server::Sglang | Server::Tgi | Server::Triton | Server::LlamaCpp | Server::Nim => None,
        };
        let found = found.filter(|word| !word.text.starts_with('-') && (word.open || !word.text.is_empty()));
        self.named = found.or(self.named.take());
    }

    fn first_argument(&self, words: &[Word]) -> Option<Word> {
        words.first().filter(|_| self.container.command.is_empty()).cloned()
    }

    /// Another server in the same container needs memory of its own, unless it serves the same model: then it is
    /// the other branch of a condition.
    fn others(&mut self, others: &[Vec<Word>]) {
        let same = |words: &Vec<Word>| {
            let named = self.named.as_ref();
            named.is_none_or(|named| words.iter().any(|word| word.text.contains(&named.text)))
        };
        if !others.iter().all(same) {
            self.launch.open.push("another server in the same container".to_owned());
        }
    }

    /// Variables that many images know, where nothing else names a model.
    fn model_of_variables(&mut self) {
        if self.named.is_some() || self.container.stated.model.is_some() {
            return;
        }
        let found = MODEL_VARIABLES.iter().find_map(|name| self.container.env.get(name));
        if let Some(value) = found {
            self.named = Some(Word { text: value.unwrap_or_default().to_owned(), open: value.is_none() });
        }
    }

    fn end(mut self) -> Launch {
        let path = &self.container.path;
        let stated = self.container.stated.model.as_deref().map(Word::known);
        match stated.or(self.named) {
            Some(word) if word.open && !template::is_unrendered(&word.text) => {
                self.launch.hidden = Some(Problem::new(
                    "model-at-run-time",
                    format!("{path}: model"),
                    "a value that is known only at run time",
                    "the id of a model",
                ));
            }
            Some(word) => {
                let named = named(&word.text, path);
                self.launch.model = Some(named.text);
                self.launch.hidden = named.hidden;
            }
            None => {
                self.launch.hidden =
                    Some(Problem::new("no-model", path.as_str(), "no model named", "the id of a model"));
            }
        }
        if !self.launch.adapters {
            (self.launch.serving.max_loras, self.launch.serving.max_lora_rank) = (None, None);
        }
        // Experts divided over copies are not worked out.
        if self.launch.serving.expert_parallel && self.launch.data_parallel > 1 {
            self.launch.serving.expert_parallel = false;
            self.launch.open.push("--enable-expert-parallel".to_owned());
        }
        self.launch
    }
}

/// The flag that `word` writes, without its dashes, the keys behind a dot, and the value behind `=`.
fn known(server: Server, word: &Word) -> Option<(&'static str, Flag, &str, Option<&str>)> {
    let short = word.text.strip_prefix('-')?;
    let name = short.strip_prefix('-').unwrap_or(short);
    let (name, value) = match name.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (name, None),
    };
    if let Some((name, flag)) = flags::find(server, name) {
        return Some((name, flag, "", value));
    }
    let (name, keys) = name.split_once('.')?;
    let (name, flag) = flags::find(server, name).filter(|(_, flag)| flag.is_object())?;
    Some((name, flag, keys, value))
}
