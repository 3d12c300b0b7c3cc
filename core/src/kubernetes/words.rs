//! The command line that a container runs, word by word.
//!
//! Kubernetes puts `$(NAME)` in place itself; a shell script behind `sh -c` is split as a shell would, as far
//! as that can be done without running it. A word of which a part is known only at run time is `open`.

use std::collections::BTreeMap;

use super::container::Container;

/// One word of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// What is known of it.
    pub(super) text: String,
    /// Whether a part of it is known only at run time.
    pub(super) open: bool,
}

impl Word {
    /// Whether it is the program `vllm` or one of its Python modules.
    pub(super) fn starts_vllm(&self) -> bool {
        self.text.rsplit('/').next() == Some("vllm") || self.text.starts_with("vllm.entrypoints")
    }
}

/// The most text that is looked at: a command line beyond this is cut.
const LIMIT: usize = 256 << 10;

type Env = BTreeMap<String, Option<String>>;

/// The words of the container's command line.
pub(super) fn words(container: &Container) -> Vec<Word> {
    let mut room = LIMIT;
    let mut words = Vec::new();
    for text in container.command.iter().chain(&container.args) {
        let word = expand(text, &container.env);
        room = match room.checked_sub(word.text.len()) {
            Some(room) => room,
            None => break,
        };
        words.push(word);
    }
    match script(&words) {
        Some((script, rest)) => Splitter::new(script, rest, &container.env).run(),
        None => words,
    }
}

/// The script in `sh -c SCRIPT [NAME ARG...]` and the arguments behind it.
fn script(words: &[Word]) -> Option<(&Word, &[Word])> {
    let shell = words.first()?.text.rsplit('/').next()?;
    if !matches!(shell, "sh" | "bash" | "ash" | "dash" | "zsh") {
        return None;
    }
    let place = words.iter().position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let (script, rest) = words.get(place.checked_add(1)?..)?.split_first()?;
    Some((script, rest.get(1..).unwrap_or_default()))
}

/// Puts `$(NAME)` in place as the kubelet does; `$$` is a dollar sign.
/// Source: `third_party/forked/golang/expansion/expand.go`.
fn expand(text: &str, env: &Env) -> Word {
    let mut word = Word::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        word.text.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            word.text.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
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

/// Splits a script into words.
struct Splitter<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    arguments: &'a [Word],
    env: &'a Env,
    set: BTreeMap<String, Word>,
    commands: Vec<Vec<Word>>,
    words: Vec<Word>,
    word: Option<Word>,
    room: usize,
}

impl<'a> Splitter<'a> {
    fn new(script: &'a Word, arguments: &'a [Word], env: &'a Env) -> Splitter<'a> {
        Splitter {
            rest: script.text.chars().peekable(),
            arguments,
            env,
            set: BTreeMap::new(),
            commands: Vec::new(),
            words: Vec::new(),
            word: None,
            room: LIMIT,
        }
    }

    /// The words of the command that starts vLLM, or of all of them where none says so.
    fn run(mut self) -> Vec<Word> {
        while let Some(c) = self.rest.next() {
            match c {
                '\'' => self.single_quotes(),
                '"' => self.double_quotes(),
                '\\' => match self.rest.next() {
                    Some('\n') | None => {}
                    Some(c) => self.push(c),
                },
                '#' if self.word.is_none() => while self.rest.next_if(|c| *c != '\n').is_some() {},
                '$' | '`' => self.dollar(c, false),
                '\n' | ';' | '&' | '|' | '(' | ')' => self.end_command(),
                c if c.is_whitespace() => self.end(),
                c => self.push(c),
            }
        }
        self.end_command();
        match self.commands.iter().position(|words| words.iter().any(Word::starts_vllm)) {
            Some(place) => self.commands.swap_remove(place),
            None => self.commands.concat(),
        }
    }

    fn end_command(&mut self) {
        self.end();
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }

    fn push(&mut self, c: char) {
        if let Some(room) = self.room.checked_sub(c.len_utf8()) {
            self.room = room;
            self.word.get_or_insert_default().text.push(c);
        }
    }

    /// Ends a word. `NAME=value` is kept for later words: scripts put model and flags into variables.
    fn end(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        if let Some((name, value)) = word.text.split_once('=')
            && is_name(name)
        {
            self.set.insert(name.to_owned(), Word { text: value.to_owned(), open: word.open });
        }
        self.words.push(word);
    }

    fn single_quotes(&mut self) {
        self.word.get_or_insert_default();
        while let Some(c) = self.rest.next_if(|c| *c != '\'') {
            self.push(c);
        }
        self.rest.next();
    }

    fn double_quotes(&mut self) {
        self.word.get_or_insert_default();
        while let Some(c) = self.rest.next() {
            match c {
                '"' => return,
                '\\' => match self.rest.next() {
                    Some('\n') | None => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => self.push(c),
                    Some(c) => {
                        self.push('\\');
                        self.push(c);
                    }
                },
                '$' | '`' => self.dollar(c, true),
                c => self.push(c),
            }
        }
    }

    /// What follows a dollar sign or a backquote.
    fn dollar(&mut self, first: char, quoted: bool) {
        let name = match self.rest.peek() {
            _ if first == '`' => return self.skip('`'),
            Some('(') => return self.skip(')'),
            Some('{') => {
                self.rest.next();
                let mut name = String::new();
                while let Some(c) = self.rest.next_if(|c| *c != '}') {
                    name.push(c);
                }
                self.rest.next();
                name
            }
            Some('@' | '*') => {
                self.rest.next();
                return self.positional();
            }
            _ => {
                let mut name = String::new();
                while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                name
            }
        };
        let value = match (self.set.get(&name), self.env.get(&name)) {
            (Some(word), _) => word.clone(),
            (None, Some(Some(text))) => Word { text: text.clone(), open: false },
            (None, Some(None) | None) => Word { text: String::new(), open: true },
        };
        self.insert(&value, quoted);
    }

    fn insert(&mut self, value: &Word, quoted: bool) {
        if value.open || quoted {
            self.word.get_or_insert_default().open |= value.open;
        }
        for c in value.text.chars() {
            if !quoted && c.is_whitespace() { self.end() } else { self.push(c) }
        }
    }

    /// `$@`: the arguments behind the script.
    fn positional(&mut self) {
        for word in self.arguments {
            self.end();
            self.insert(word, true);
        }
    }

    /// A command put in place: known only at run time.
    fn skip(&mut self, end: char) {
        self.word.get_or_insert_default().open = true;
        while self.rest.next_if(|c| *c != end).is_some() {}
        self.rest.next();
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
