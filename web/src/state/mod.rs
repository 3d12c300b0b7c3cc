//! What a reader chose. Everything that the link saves is here; nothing here knows a browser.

pub mod compact;
pub mod examples;
pub mod exporting;
pub mod field;
mod filled;
pub mod fleet;
pub mod form;
pub mod gpus;
pub mod link;
pub mod page;
pub mod paste;
pub mod policy;
pub mod table;

use std::rc::Rc;

use migfit::engine::Serving;
use migfit::problem::Problem;

pub use field::{Field, Kind};
pub use form::Form;
pub use gpus::Gpus;
pub use page::Page;
pub use table::{Column, Table};

/// The model as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelInput {
    /// The text of a `config.json`, as pasted.
    pub text: Rc<str>,
    /// What the reader calls the model, its whole id where that is known; empty where nothing says.
    pub name: String,
    /// Whether the text is known to be a config, however large it is.
    pub made_out: bool,
    /// A file that could not be taken, instead of a text.
    pub rejected: Option<Problem>,
}

/// A model kept to be compared, and how it was served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The model.
    pub model: ModelInput,
    /// How it is served.
    pub form: Form,
}

/// The most models that are kept.
pub const MAX_KEPT: usize = 6;

/// The whole state of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Which page is open.
    pub page: Page,
    /// The model.
    pub model: ModelInput,
    /// How it is served.
    pub form: Form,
    /// Models kept to be compared.
    pub kept: Vec<Kept>,
    /// On which GPUs.
    pub gpus: Gpus,
    /// The device whose figures are open, by label; the answer's where absent.
    pub device: Option<String>,
    /// How the table of devices is shown.
    pub table: Table,
    /// The instances on the card that is open: `3g.40gb@0, 2g.20gb@4`; those of the model where absent.
    pub card: Option<String>,
}

/// Something that a reader did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opened another page.
    Go(Page),
    /// Kept the open model, to compare it.
    Keep,
    /// Took a model out of the comparison.
    Drop(usize),
    /// Opened a model of the comparison.
    Reopen(usize),
    /// Changed the text of the config.
    Text(Rc<str>),
    /// Opened a file, or an example: its name and text.
    Open(String, Rc<str>),
    /// Opened a file beside the config: the config with what it says.
    Reread(Rc<str>),
    /// Gave a file that cannot be taken.
    Reject(Problem),
    /// Changed a setting.
    Set(Field, String),
    /// Took settings over, from advice.
    Serve(Box<Serving>),
    /// Took over settings from something that was pasted, with the model that it names: its id and config.
    Fill(Option<(String, Rc<str>)>, Box<Serving>),
    /// Chose GPUs.
    Choose(Gpus),
    /// Opened the figures of a device.
    Focus(String),
    /// Changed how the table is shown.
    Show(Table),
    /// Cut the open card into these instances.
    Cut(String),
}

impl State {
    /// The state after `action`.
    #[must_use]
    pub fn apply(&self, action: Action) -> State {
        let mut next = self.clone();
        match action {
            Action::Go(page) => next.page = page,
            Action::Keep => next.keep(),
            Action::Drop(place) => {
                if place < next.kept.len() {
                    next.kept.remove(place);
                }
            }
            Action::Reopen(place) => {
                if let Some(kept) = next.kept.get(place).cloned() {
                    (next.page, next.model, next.form) = (Page::Size, kept.model, kept.form);
                    (next.device, next.card) = (None, None);
                }
            }
            Action::Text(text) => next.model = ModelInput { text, ..ModelInput::default() },
            Action::Open(file, text) => {
                next.model = ModelInput { text, name: name_of(&file), made_out: true, rejected: None };
                (next.device, next.card) = (None, None);
            }
            Action::Reread(text) => {
                next.model = ModelInput { text, made_out: true, ..next.model };
            }
            Action::Reject(problem) => {
                next.model = ModelInput { rejected: Some(problem), ..ModelInput::default() };
            }
            Action::Set(field, value) => next.form.set(field, value),
            Action::Choose(gpus) => next.gpus = gpus,
            Action::Serve(serving) => next.form = Form::of(&serving),
            Action::Fill(model, serving) => {
                next.form = Form::of(&serving);
                if let Some((name, text)) = model {
                    let name = name.chars().take(MAX_NAME).collect();
                    next.model = ModelInput { text, name, made_out: true, rejected: None };
                    (next.device, next.card) = (None, None);
                }
            }
            Action::Focus(device) => (next.device, next.card) = (Some(device), None),
            Action::Cut(layout) => next.card = Some(layout.chars().take(MAX_CARD).collect()),
            Action::Show(table) => next.table = table,
        }
        next
    }
}

impl State {
    /// The open model as it would be kept.
    #[must_use]
    pub fn open(&self) -> Kept {
        Kept { model: self.model.clone(), form: self.form.clone() }
    }

    /// The oldest makes room; the same is kept once.
    fn keep(&mut self) {
        let open = self.open();
        if self.kept.contains(&open) {
            return;
        }
        if self.kept.len() >= MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(open);
    }
}

/// The longest name that is kept, in characters.
pub(crate) const MAX_NAME: usize = 96;

/// The longest layout of a card that is kept, in characters.
pub(crate) const MAX_CARD: usize = 400;

/// What a file says of its model's name: `ibm-granite__granite-7b-base.json` is `granite-7b-base`,
/// `config.json` says nothing. An id of a model stays whole.
fn name_of(file: &str) -> String {
    let is_file = file.ends_with(".json") || file.contains('\\');
    if !is_file && file.split('/').filter(|part| !part.is_empty()).count() == 2 {
        return file.chars().take(MAX_NAME).collect();
    }
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let last = stem.rsplit(['/', '\\']).next().unwrap_or_default();
    let last = last.rsplit("__").next().unwrap_or_default();
    if last.starts_with("config") { String::new() } else { last.chars().take(MAX_NAME).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_its_model_unless_its_name_is_config() {
        assert_eq!(name_of("ibm-granite__granite-7b-base.json"), "granite-7b-base");
        assert_eq!(name_of("ibm-granite/granite-7b-base"), "ibm-granite/granite-7b-base");
        assert_eq!(name_of("config.json"), "");
        assert_eq!(name_of("config (3).json"), "");
        assert_eq!(name_of("C:\\models\\qwen.json"), "qwen");
        assert_eq!(name_of(&"a".repeat(500)).len(), MAX_NAME);
    }

    #[test]
    fn a_new_text_forgets_the_name_and_keeps_the_settings() {
        let state = State::default()
            .apply(Action::Open("a.json".to_owned(), "{}".into()))
            .apply(Action::Set(Field::Sequences, "4".to_owned()))
            .apply(Action::Text("{ }".into()));
        assert_eq!(state.model.name, "");
        assert_eq!(&*state.model.text, "{ }");
        assert_eq!(state.form.get(Field::Sequences), "4");
    }

    #[test]
    fn a_rejected_file_leaves_no_old_answer_behind() {
        let problem = Problem::new("too-large", "a.json", "60 MB", "at most 16 MiB");
        let state = State::default()
            .apply(Action::Open("a.json".to_owned(), "{}".into()))
            .apply(Action::Reject(problem.clone()));
        assert_eq!(&*state.model.text, "");
        assert_eq!(state.model.rejected, Some(problem));
    }
}
