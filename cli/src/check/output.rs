//! In which form the answer is given, and where to.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use anstream::adapter::strip_str;
use migfit::problem::Problem;

use super::outcome::Outcome;
use super::{annotations, code_quality, sarif, summary, table};
use crate::report::{self, Failure};

/// A form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// For people.
    Table,
    /// For programs: `docs/schema/check.json`.
    Json,
    /// Annotations of GitHub Actions.
    GitHub,
    /// Code quality report of GitLab.
    GitLab,
    /// SARIF 2.1.0.
    Sarif,
    /// Markdown, for the summary of a step of GitHub Actions. Added to the end of a file.
    Summary,
}

/// The forms by the word for them.
const FORMS: [(&str, Form); 6] = [
    ("table", Form::Table),
    ("json", Form::Json),
    ("github", Form::GitHub),
    ("gitlab", Form::GitLab),
    ("sarif", Form::Sarif),
    ("summary", Form::Summary),
];

/// A form, and the file that it goes to; standard output where none is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) form: Form,
    pub(super) file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Output, String> {
        let (word, file) = match text.split_once('=') {
            Some((word, file)) => (word, Some(file)),
            None => (text, None),
        };
        let known = FORMS.iter().find(|(known, _)| *known == word);
        let words: Vec<&str> = FORMS.iter().map(|(word, _)| *word).collect();
        let form = known.map(|(_, form)| *form).ok_or_else(|| format!("one of {}", words.join(", ")))?;
        match file {
            Some("") => Err(format!("a file after `{word}=`")),
            file => Ok(Output { form, file: file.map(PathBuf::from) }),
        }
    }
}

impl Output {
    pub(super) fn write(&self, outcome: &Outcome) -> Result<(), Failure> {
        let text = match self.form {
            Form::Table => table::table(outcome),
            Form::Json => printed(outcome)?,
            Form::GitHub => annotations::annotations(outcome),
            Form::GitLab => printed(&code_quality::report(outcome))?,
            Form::Sarif => printed(&sarif::log(outcome))?,
            Form::Summary => summary::summary(outcome),
        };
        let Some(path) = &self.file else {
            report::stream(&text);
            return Ok(());
        };
        let mut options = OpenOptions::new();
        options.create(true);
        if self.form == Form::Summary {
            options.append(true)
        } else {
            options.write(true).truncate(true)
        };
        options
            .open(path)
            .and_then(|mut file| file.write_all(strip_str(&text).to_string().as_bytes()))
            .map_err(|error| Failure {
                file: path.display().to_string(),
                problem: Problem::new("unwritable", "file", error.to_string(), "a file that can be written"),
            })
    }
}

fn printed(value: &impl serde::Serialize) -> Result<String, Failure> {
    report::json(value).map_err(|failures| {
        let problem = || Problem::new("unprintable", "answer", "a value", "an answer that JSON can hold");
        failures
            .into_iter()
            .next()
            .unwrap_or_else(|| Failure { file: "migfit".to_owned(), problem: problem() })
    })
}
