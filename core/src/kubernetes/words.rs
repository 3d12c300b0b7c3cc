//! The command line that a container runs, word by word.
//!
//! Kubernetes puts `$(NAME)` in place itself; a shell script behind `sh -c` is split as a shell would, as far
//! as that can be done without running it. A word of which a part is known only at run time is `open`.

#[cfg(test)]
mod tests;

use super::container::Container;
use super::server::Server;
use super::shell::Splitter;
use super::template;
use super::variables::Variables;

/// One word of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// What is known of it.
    pub(super) text: String,
    /// Whether a part of it is known only at run time.
    pub(super) open: bool,
}

impl Word {
    /// A word that is known as it stands.
    pub(super) fn known(text: &str) -> Word {
        Word { text: text.to_owned(), open: false }
    }
}

/// The most text that is looked at, each word a byte more: a command line beyond this is cut, and so is a script with
/// all that stands in it.
pub(super) const LIMIT: usize = 256 << 10;

/// What is not known or not looked at.
const MISSING: Word = Word { text: String::new(), open: true };

/// How deep scripts may stand in scripts.
const MOST_DEPTH: usize = 4;

/// The command that starts a server.
pub(super) struct Command {
    /// Its words; those of the whole command line where none starts a server.
    pub(super) words: Vec<Word>,
    /// Other commands of the script that start one too.
    pub(super) others: Vec<Vec<Word>>,
}

/// The container's command line; of a script, the command that starts a server.
pub(super) fn command(container: &Container) -> Command {
    chosen(of_texts(container.command.iter().chain(&container.args), &container.env))
}

/// The words of the command that is run once the container has started.
pub(super) fn words_after_start(container: &Container) -> Vec<Word> {
    chosen(of_texts(container.after_start.iter(), &container.env)).words
}

/// The words of a text as a shell splits it: the value of a variable that is put into a command line.
pub(super) fn split(text: &str, env: &Variables) -> Vec<Word> {
    Splitter::new(text, &[], env, &mut { LIMIT }).commands().concat()
}

fn of_texts<'a>(texts: impl Iterator<Item = &'a String>, env: &Variables) -> Vec<Vec<Word>> {
    let mut room = LIMIT;
    let mut words = Vec::new();
    for text in texts {
        let word = expand(text, env);
        room = match room.checked_sub(word.text.len().saturating_add(1)) {
            Some(room) => room,
            None => {
                words.push(MISSING);
                break;
            }
        };
        words.push(word);
    }
    if script(&words).is_some() {
        return expanded(words, env, 0, &mut { LIMIT });
    }
    for word in &mut words {
        word.open |= template::is_unrendered(&word.text);
    }
    vec![words]
}

/// The commands whose program is a server; where there is none, those that name one, as `pip install vllm` does;
/// else all words.
fn chosen(commands: Vec<Vec<Word>>) -> Command {
    let names = |words: &Vec<Word>| words.iter().any(|word| Server::started_by(word).is_some());
    let (run, rest): (Vec<_>, Vec<_>) = commands.into_iter().partition(|words| runs_server(words));
    let mut run = run.into_iter();
    if let Some(words) = run.next() {
        return Command { words, others: run.collect() };
    }
    let named = rest.iter().find(|words| names(words)).cloned();
    Command { words: named.unwrap_or_else(|| rest.concat()), others: Vec::new() }
}

/// Words that may stand before the program of a command.
const BEFORE: [&str; 16] = [
    "exec",
    "nohup",
    "sudo",
    "env",
    "time",
    "nice",
    "numactl",
    "tini",
    "then",
    "do",
    "else",
    "!",
    "{",
    "torchrun",
    "mpirun",
    "trtllm-llmapi-launch",
];

/// Whether the program of a command is a server: its first word, or a module that Python runs.
fn runs_server(words: &[Word]) -> bool {
    let before = |word: &Word| {
        let text = word.text.as_str();
        BEFORE.contains(&text) || text.contains('=') || text.starts_with('-') || text.parse::<u64>().is_ok()
    };
    let place = words.iter().position(|word| !before(word)).unwrap_or_default();
    let at = |place: usize| words.get(place).is_some_and(|word| Server::started_by(word).is_some());
    let module = words.iter().position(|word| word.text == "-m").map(|place| place.saturating_add(1));
    at(place) || module.is_some_and(at)
}

/// The commands that `words` comes to: those of a script, of `eval`, or itself.
fn expanded(words: Vec<Word>, env: &Variables, depth: usize, room: &mut usize) -> Vec<Vec<Word>> {
    let (mut inner, mut open) = match script(&words) {
        Some((script, rest)) => (Splitter::new(&script.text, rest, env, room).commands(), script.open),
        None => match evaluated(&words) {
            Some(text) => {
                (Splitter::new(&text, &[], env, room).commands(), words.iter().any(|word| word.open))
            }
            None => return vec![words],
        },
    };
    open |= *room == 0;
    if open {
        // What is missing may stand anywhere.
        inner.iter_mut().for_each(|command| command.push(MISSING));
    }
    if depth >= MOST_DEPTH {
        return inner;
    }
    inner.into_iter().flat_map(|command| expanded(command, env, depth.saturating_add(1), room)).collect()
}

/// The text that `eval` runs.
fn evaluated(words: &[Word]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let text = || rest.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    (first.text == "eval").then(text)
}

/// The script in `sh -c SCRIPT [NAME ARG...]` and the arguments behind it.
fn script(words: &[Word]) -> Option<(&Word, &[Word])> {
    let shell = words.iter().position(|word| word.text != "exec")?;
    let words = words.get(shell..)?;
    if !is_shell(words.first()?) {
        return None;
    }
    let place = words.iter().position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let (script, rest) = words.get(place.checked_add(1)?..)?.split_first()?;
    Some((script, rest.get(1..).unwrap_or_default()))
}

pub(super) fn is_shell(word: &Word) -> bool {
    let name = word.text.rsplit('/').next();
    matches!(name, Some("sh" | "bash" | "ash" | "dash" | "zsh"))
}

/// The name in `(NAME)` and what stands behind it.
fn bracketed<'a>(rest: &'a str, closes: &mut bool) -> Option<(&'a str, &'a str)> {
    let inner = rest.strip_prefix('(').filter(|_| *closes)?;
    let found = inner.split_once(')');
    *closes = found.is_some();
    found
}

/// Puts `$(NAME)` in place as the kubelet does; `$$` is a dollar sign.
/// Source: `third_party/forked/golang/expansion/expand.go`.
fn expand(text: &str, env: &Variables) -> Word {
    let mut word = Word::default();
    // Whether a bracket may still be closed: looked for once where none is.
    let (mut rest, mut closes) = (text, true);
    while let Some((before, after)) = rest.split_once('$') {
        word.text.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            word.text.push('$');
            rest = after;
        } else if let Some((name, after)) = bracketed(rest, &mut closes) {
            match env.get(name) {
                Some(Some(value)) => word.text.push_str(value),
                Some(None) => word.open = true,
                None => word.text.push_str(&format!("$({name})")),
            }
            rest = after;
        } else {
            word.text.push('$');
        }
        if word.text.len() > LIMIT {
            word.open = true;
            return word;
        }
    }
    word.text.push_str(rest);
    word
}
