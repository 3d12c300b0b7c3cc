//! What the page has done off its main thread, and the messages that carry it. A [`Question`] goes to the reader, a
//! small module that knows models, and an [`Answer`] comes back; an [`Errand`] goes to the worker, which knows
//! everything, and [`Report`]s come back. Knows no browser; the modules call [`answer`] and [`perform`].

mod admit;
mod ask;
mod catalog;
mod diff;
mod export;
mod fetched;
mod manifest;
mod otherwise;
mod plan;
mod planned;
mod question;
mod read;
mod review;
mod shrink;
mod table;

use migfit::engine::Serving;
use migfit::problem::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use admit::{Admission, Admitted};
pub use diff::{Line, Side};
pub use export::{Exported, Kinds, Named, Source, Wanted};
pub use fetched::{Fetched, side_file};
pub use otherwise::Otherwise;
pub use planned::{Cell, Drawn, Got, Holds, Missing, Planned};
pub use question::{Answer, Question, answer};
pub use review::{Found, Reviewed, Reviews};
pub use table::Format;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Find out what a text is, and read it.
    Read {
        /// The name of its file, empty where it was pasted.
        name: String,
        /// The text; that of the file that comes with the errand, where one does.
        text: String,
        /// The config that is open, to which a side file belongs.
        beside: String,
    },
    /// Read what the Hub gave for an id.
    Fetched(Box<Fetched>),
    /// Write the answer for every device into a file.
    Table {
        /// The config of the model.
        config: String,
        /// How it is served.
        serving: Box<Serving>,
        /// The devices, by label.
        devices: Vec<String>,
        /// What kind of file.
        format: Format,
    },
    /// Review the objects of a manifest.
    Review {
        /// The manifest.
        manifest: String,
        /// Configs of models by id, empty where none are brought along.
        models: String,
        /// The cards of the cluster; none where any card may be meant.
        gpus: Vec<String>,
        /// How the admission policy is asked about it.
        admission: Box<Admission>,
    },
    /// List what can be written for a cluster.
    Kinds,
    /// Write one kind of it.
    Export(Box<Wanted>),
    /// Cut a fleet for many models.
    Plan {
        /// The fleet, as `migfit plan` takes it.
        fleet: String,
        /// Configs of models by id, empty where none are brought along.
        models: String,
        /// What would be otherwise.
        otherwise: Otherwise,
    },
}

impl Errand {
    /// The same with the text of a file.
    #[must_use]
    pub fn with_file(self, file: Option<String>) -> Errand {
        match (self, file) {
            (Errand::Read { name, beside, .. }, Some(text)) => Errand::Read { name, text, beside },
            (errand, _) => errand,
        }
    }
}

/// How far an errand is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// What is being done: `counting parameters`.
    pub what: String,
}

/// What is told of an errand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// It goes on.
    Progress(Progress),
    /// It is done.
    Done(Done),
    /// What was given cannot be used.
    Refused(Refusal),
    /// The worker itself failed.
    Broken {
        /// What it says.
        why: String,
    },
}

/// A [`Problem`] that travels. Its code stays behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    subject: String,
    found: String,
    expected: String,
    hint: Option<String>,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal {
            subject: problem.subject.clone(),
            found: problem.found.clone(),
            expected: problem.expected.clone(),
            hint: problem.hint.clone(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let mut problem = Problem::new("refused", refusal.subject, refusal.found, refusal.expected);
        problem.hint = refusal.hint;
        problem
    }
}

/// What came of an errand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// A model.
    Model {
        /// What a reader calls it, empty where nothing says.
        name: String,
        /// Its config: as given, or less that makes the same model.
        text: String,
        /// Whether it is the model that was open, with a file beside its config read.
        same: bool,
        /// What was done to it, for a reader.
        notes: Vec<String>,
    },
    /// Settings.
    Asked(Box<Asked>),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// What is wrong with a manifest.
    Reviewed(Box<Reviews>),
    /// Who sits where.
    Planned(Box<Planned>),
    /// What can be written.
    Kinds(Box<Kinds>),
    /// What was written.
    Exported(Box<Exported>),
}

/// How something that was pasted serves a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it was read from: `a command line`, `Deployment llama`.
    pub from: String,
    /// The model that it names.
    pub model: Option<String>,
    /// The config of that model, where the catalog has it.
    pub config: Option<String>,
    /// The settings.
    pub serving: Serving,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// What comes back from a module off the main thread.
pub trait Message: DeserializeOwned {
    /// The module failed, and this is why.
    fn broken(why: String) -> Self;

    /// Whether more follows.
    fn is_last(&self) -> bool;

    /// The message that `bytes` are. Page and modules come from the same place, but one of them may be older.
    fn read(bytes: &[u8]) -> Self {
        read(bytes).unwrap_or_else(Self::broken)
    }
}

/// What was written as `bytes`: compact, and read by a fraction of the code that JSON takes.
///
/// # Errors
/// What is wrong with it: page and module do not understand each other.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes)
        .map_err(|error| format!("the page and its worker are of different versions ({error})"))
}

/// `message` as bytes.
#[must_use]
pub fn write(message: &impl Serialize) -> Vec<u8> {
    // A vector takes whatever is written, and no message has a part of unknown length.
    postcard::to_allocvec(message).unwrap_or_default()
}

impl Message for Report {
    fn broken(why: String) -> Report {
        Report::Broken { why }
    }

    fn is_last(&self) -> bool {
        !matches!(self, Report::Progress(_))
    }
}

/// Does `errand`; `tell` is told how far it is.
pub fn perform(errand: Errand, tell: &mut dyn FnMut(Progress)) -> Report {
    let done = match errand {
        Errand::Read { name, text, beside } => read::read(&name, &text, &beside, tell),
        Errand::Fetched(fetched) => fetched::done(&fetched, tell),
        Errand::Table { config, serving, devices, format } => {
            table::file(&config, &serving, &devices, format)
        }
        Errand::Plan { fleet, models, otherwise } => plan::plan((&fleet, &models), &otherwise, tell),
        Errand::Review { manifest, models, gpus, admission } => {
            review::review(&manifest, (&models, &gpus), &admission, tell)
        }
        Errand::Kinds => Ok(export::kinds()),
        Errand::Export(wanted) => export::export(&wanted),
    };
    match done {
        Ok(done) => Report::Done(done),
        Err(problem) => Report::Refused(problem.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) const GRANITE: &str = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
        "max_position_embeddings": 4096, "vocab_size": 32000, "tie_word_embeddings": false, "torch_dtype": "float32"}"#;

    pub(crate) fn read(name: &str, text: &str, beside: &str) -> Result<Done, Problem> {
        crate::read::read(name, text, beside, &mut |_| ())
    }

    #[test]
    fn messages_travel_as_bytes_and_come_back_the_same() {
        let errand = Errand::Read { name: "a".into(), text: "b".into(), beside: String::new() };
        let bytes = write(&errand);
        assert_eq!(bytes, *b"\0\x01a\x01b\0");
        assert_eq!(super::read(&bytes), Ok(errand.clone()));
        let file = errand.with_file(Some("of a file".to_owned()));
        assert!(matches!(&file, Errand::Read { text, .. } if text == "of a file"));
        let errand = Errand::Read { name: String::new(), text: "[".into(), beside: String::new() };
        let report = perform(errand, &mut |_| ());
        let back = Report::read(&write(&report));
        assert_eq!(back, report);
        let Report::Refused(refusal) = back else { panic!("{back:?}") };
        assert_eq!(Problem::from(refusal).subject, "text");
    }

    #[test]
    fn progress_is_told_on_the_way() {
        let mut told = Vec::new();
        let errand = Errand::Read { name: String::new(), text: GRANITE.to_owned(), beside: String::new() };
        let report = perform(errand, &mut |progress| told.push((progress.done, progress.what)));
        assert!(matches!(report, Report::Done(Done::Model { .. })));
        assert_eq!(told, [(0, "reading the text".to_owned()), (1, "counting parameters".to_owned())]);
    }
}
