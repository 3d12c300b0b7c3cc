//! In which line of a text a part of an object stands.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

/// A value of a document: its line, and what is in it by key or place.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Counted from 1: of the key that a value belongs to, or of the item.
    line: usize,
    inside: BTreeMap<String, Place>,
}

impl Place {
    /// The line of the part at `path` (`spec.containers[0].resources.limits["nvidia.com/gpu"]`), or of the nearest
    /// part around it.
    pub(super) fn line(&self, path: &str) -> usize {
        let mut here = self;
        let mut rest = path;
        while let Some((name, after)) = step(rest) {
            let Some(next) = here.inside.get(name) else { break };
            (here, rest) = (next, after);
        }
        here.line
    }

    /// Takes the part of this name, or at this place in a list, out; the line of what is around it where it is not
    /// there.
    pub(super) fn take(&mut self, name: &str) -> Place {
        self.inside.remove(name).unwrap_or(Place { line: self.line, inside: BTreeMap::new() })
    }
}

/// The first name of a path, or place in a list, and the rest of the path.
fn step(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if path.is_empty() {
        return None;
    }
    if let Some(inside) = path.strip_prefix("[\"") {
        return inside.split_once("\"]");
    }
    match path.strip_prefix('[') {
        Some(inside) => inside.split_once(']'),
        None => path.split_at_checked(path.find(['.', '[']).unwrap_or(path.len())),
    }
}

/// The documents of a text that are not empty; none where the text cannot be followed.
pub(super) fn places(text: &str) -> Vec<Place> {
    let mut walk = Walk::default();
    for next in Parser::new_from_str(text) {
        let Ok((event, span)) = next else { return Vec::new() };
        walk.take(&event, span.start.line());
    }
    walk.documents
}

/// A list or map that is not at its end.
struct Open {
    place: Place,
    /// The name that it has in what is around it, empty for a document.
    name: String,
    list: bool,
    key: Option<(String, usize)>,
}

#[derive(Default)]
struct Walk {
    documents: Vec<Place>,
    open: Vec<Open>,
}

impl Walk {
    fn take(&mut self, event: &Event<'_>, line: usize) {
        match event {
            Event::Scalar(text, ..) => self.scalar(text, line),
            Event::Alias(_) => self.scalar("", line),
            Event::SequenceStart(..) => self.start(true, line),
            Event::MappingStart(..) => self.start(false, line),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.put(open.name, open.place);
                }
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    fn scalar(&mut self, text: &str, line: usize) {
        if let Some(open) = self.open.last_mut() {
            if !open.list && open.key.is_none() {
                open.key = Some((text.to_owned(), line));
                return;
            }
        } else if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            return;
        }
        let (name, line) = self.name(line);
        self.put(name, Place { line, inside: BTreeMap::new() });
    }

    fn start(&mut self, list: bool, line: usize) {
        let (name, line) = self.name(line);
        self.open.push(Open { place: Place { line, inside: BTreeMap::new() }, name, list, key: None });
    }

    /// The name and the line of the value that comes next.
    fn name(&mut self, line: usize) -> (String, usize) {
        match self.open.last_mut() {
            Some(open) if open.list => (open.place.inside.len().to_string(), line),
            Some(open) => open.key.take().unwrap_or((String::new(), line)),
            None => (String::new(), line),
        }
    }

    fn put(&mut self, name: String, place: Place) {
        match self.open.last_mut() {
            Some(open) => _ = open.place.inside.insert(name, place),
            None => self.documents.push(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_line() {
        let text = "# a comment\n---\n---\nkind: Pod\nspec:\n  containers:\n  - name: a\n    resources:\n      limits:\n        \
                    nvidia.com/gpu: 1\n  - {name: b}\n---\n{\"kind\":\n \"Pod\"}\n";
        let places = places(text);
        assert_eq!(places.len(), 2);
        for (path, line) in [
            ("", 4),
            ("kind", 4),
            ("spec", 5),
            ("spec.containers[0]", 7),
            ("spec.containers[0].resources.limits[\"nvidia.com/gpu\"]", 10),
            ("spec.containers[0].resources.requests[\"nvidia.com/gpu\"]", 8),
            ("spec.containers[1].name", 11),
            ("spec.containers[7].name", 6),
            ("metadata.labels", 4),
        ] {
            assert_eq!(places[0].line(path), line, "{path}");
        }
        assert_eq!(places[1].line("kind"), 13);
        assert!(super::places("a: [").is_empty());
    }
}
