//! A shell script split into commands and words, as far as that can be done without running it.

use std::collections::BTreeMap;

use super::variables::Variables;
use super::words::{Word, is_shell};

/// How deep here-documents may stand in one another.
const MOST_DEPTH: usize = 4;

/// Splits a script into words.
pub(super) struct Splitter<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    arguments: &'a [Word],
    env: &'a Variables,
    set: BTreeMap<String, Word>,
    commands: Vec<Vec<Word>>,
    words: Vec<Word>,
    word: Option<Word>,
    /// Here-documents whose text follows the end of the line.
    here: Vec<Here>,
    depth: usize,
    /// Text and words that are still looked at, of this script and all inside it.
    room: &'a mut usize,
}

/// A here-document: `<<EOF`.
struct Here {
    /// The line that ends it.
    end: String,
    /// Whether tabs before its lines are left out (`<<-EOF`).
    tabs: bool,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(
        script: &'a str,
        arguments: &'a [Word],
        env: &'a Variables,
        room: &'a mut usize,
    ) -> Splitter<'a> {
        Splitter {
            rest: script.chars().peekable(),
            arguments,
            env,
            set: BTreeMap::new(),
            commands: Vec::new(),
            words: Vec::new(),
            word: None,
            here: Vec::new(),
            depth: 0,
            room,
        }
    }

    /// The commands of the script, each as its words.
    pub(super) fn commands(mut self) -> Vec<Vec<Word>> {
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
                '\n' => self.end_line(),
                '<' if self.rest.peek() == Some(&'<') => self.here(),
                '&' if self.word.as_ref().is_some_and(|word| word.text.ends_with('>')) => self.push(c),
                ';' | '&' | '|' | '(' | ')' => self.end_command(),
                c if c.is_whitespace() => self.end(),
                c => self.push(c),
            }
        }
        self.end_command();
        self.commands
    }

    /// Reads `<<EOF`, `<<-'EOF'`; `<<< word` is left as it is.
    fn here(&mut self) {
        self.rest.next();
        self.end();
        if self.rest.next_if_eq(&'<').is_some() {
            return;
        }
        let tabs = self.rest.next_if_eq(&'-').is_some();
        while self.rest.next_if(|c| *c == ' ').is_some() {}
        let mut end = String::new();
        while let Some(c) =
            self.rest.next_if(|c| !c.is_whitespace() && !matches!(c, ';' | '&' | '|' | '>' | ')'))
        {
            if !matches!(c, '\'' | '"' | '\\') {
                end.push(c);
            }
        }
        if !end.is_empty() {
            self.here.push(Here { end, tabs });
        }
    }

    /// Ends a line: the text of its here-documents is what a shell runs, or data for anything else.
    fn end_line(&mut self) {
        self.end();
        let shell = self.words.first().is_some_and(is_shell);
        self.end_command();
        for here in std::mem::take(&mut self.here) {
            let text = self.lines_to(&here);
            // Each has the variables so far, which are copied.
            if shell && self.depth < MOST_DEPTH && self.take(self.set.len()) {
                let mut inner = Splitter::new(&text, self.arguments, self.env, self.room);
                inner.depth = self.depth.saturating_add(1);
                inner.set.clone_from(&self.set);
                self.commands.extend(inner.commands());
            }
        }
    }

    fn lines_to(&mut self, here: &Here) -> String {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            while let Some(c) = self.rest.next_if(|c| *c != '\n') {
                line.push(c);
            }
            let more = self.rest.next().is_some();
            let line = if here.tabs { line.trim_start_matches('\t') } else { &line };
            if line == here.end || !more {
                return text;
            }
            text.push_str(line);
            text.push('\n');
        }
    }

    fn end_command(&mut self) {
        self.end();
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }

    fn push(&mut self, c: char) {
        if self.take(c.len_utf8()) {
            self.word.get_or_insert_default().text.push(c);
        }
    }

    /// Takes `amount` of the room that is left; where that is less, all of it, and nothing more is looked at.
    fn take(&mut self, amount: usize) -> bool {
        let left = self.room.checked_sub(amount);
        *self.room = left.unwrap_or_default();
        left.is_some()
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
        if *self.room == 0 {
            return;
        }
        let (name, otherwise) = match name.split_once('-') {
            Some((name, otherwise)) => (name.trim_end_matches(':').to_owned(), Some(otherwise.to_owned())),
            None => (name, None),
        };
        let value = match (self.set.get(&name), self.env.get(&name)) {
            (Some(word), _) => word.clone(),
            (None, Some(Some(text))) => Word::known(text),
            (None, None) if otherwise.is_some() => Word { text: otherwise.unwrap_or_default(), open: false },
            (None, Some(None) | None) => Word { text: String::new(), open: true },
        };
        self.insert(&value, quoted);
    }

    fn insert(&mut self, value: &Word, quoted: bool) {
        if value.open || quoted {
            self.word.get_or_insert_default().open |= value.open;
        }
        for c in value.text.chars() {
            if quoted || !c.is_whitespace() {
                self.push(c);
            } else if self.take(1) {
                self.end();
            }
            if *self.room == 0 {
                return;
            }
        }
    }

    /// `$@`: the arguments behind the script.
    fn positional(&mut self) {
        for word in self.arguments {
            if !self.take(1) {
                return;
            }
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
