//! What differs by namespace, and whom the policy leaves alone.

use std::collections::BTreeMap;

use crate::gpu::ProfileName;
use crate::review::{Lint, Reaction};

use super::read::{Part, Problems, bad};

/// What the policy does about a workload that does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It notes it in the audit log alone.
    Monitor,
    /// It warns.
    Warn,
    /// It refuses.
    #[default]
    Enforce,
}

impl Mode {
    pub(super) const ALL: [(&'static str, Mode); 3] =
        [("monitor", Mode::Monitor), ("warn", Mode::Warn), ("enforce", Mode::Enforce)];

    /// The word in settings and in the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Monitor => "monitor",
            Mode::Warn => "warn",
            Mode::Enforce => "enforce",
        }
    }
}

/// What holds in some namespaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule<'a> {
    /// Names of namespaces; `*` stands for any characters.
    pub names: Vec<&'a str>,
    /// The mode there.
    pub mode: Option<Mode>,
    /// What a container may ask for there. Empty: anything.
    pub profiles: Vec<Allowed>,
}

/// Something that a container may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// A whole GPU.
    Gpu,
    /// Slices of this profile.
    Slice(ProfileName),
}

impl Allowed {
    fn parse(text: &str) -> Option<Allowed> {
        if text == "gpu" { Some(Allowed::Gpu) } else { ProfileName::parse(text).ok().map(Allowed::Slice) }
    }

    /// As it is written in settings.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Allowed::Gpu => "gpu".to_owned(),
            Allowed::Slice(profile) => profile.to_string(),
        }
    }
}

/// Whom the policy leaves alone. One of them is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exemptions<'a> {
    /// Labels of the object or its pod template, `*` for any value.
    pub labels: BTreeMap<String, String>,
    /// Images; all containers that ask for devices must have one of them.
    pub images: Vec<&'a str>,
    /// Names of users.
    pub users: Vec<&'a str>,
    /// Groups of users.
    pub groups: Vec<&'a str>,
}

impl Exemptions<'_> {
    /// Whether anybody is exempt.
    #[must_use]
    pub fn any(&self) -> bool {
        !(self.labels.is_empty() && self.images.is_empty() && self.users.is_empty() && self.groups.is_empty())
    }
}

/// Reads `namespaces`; the first that names a namespace holds for it.
pub(super) fn rules<'a>(settings: &Part<'a>, problems: &mut Problems) -> Vec<Rule<'a>> {
    let mut rules: Vec<Rule> = Vec::new();
    for part in settings.parts("namespaces", &["mode", "names", "profiles"], problems) {
        let names = part.texts("names", problems);
        if names.is_empty() {
            problems.push(bad(&part.at("names"), "nothing", "at least one name"));
        }
        for (path, name) in &names {
            let earlier = rules.iter().find(|rule| rule.names.iter().any(|known| matches(known, name)));
            if let Some(rule) = earlier {
                let expected = format!("a name that {} does not cover", rule.names.join(", "));
                problems.push(bad(path, format!("{name:?}"), expected).hint("the first that fits holds"));
            }
        }
        let mut profiles = Vec::new();
        for (path, text) in part.texts("profiles", problems) {
            match Allowed::parse(text) {
                Some(allowed) => profiles.push(allowed),
                None => problems.push(bad(&path, format!("{text:?}"), "gpu, or a profile such as 1g.10gb")),
            }
        }
        let mode = part.word("mode", &Mode::ALL, problems);
        rules.push(Rule { names: names.into_iter().map(|(_, name)| name).collect(), mode, profiles });
    }
    rules
}

/// Reads `lints`: what to do about each finding that is not to be as severe as usual, by its id.
pub(super) fn lints(settings: &Part, problems: &mut Problems) -> BTreeMap<Lint, Reaction> {
    let mut lints = BTreeMap::new();
    let Some(part) = settings.part_of_any("lints", problems) else { return lints };
    for id in part.names() {
        match Lint::find(id) {
            Some(lint) => {
                _ = part.word(id, &Reaction::ALL, problems).map(|reaction| lints.insert(lint, reaction))
            }
            None => problems.push(bad(&part.at(id), "no lint of this id", "an id of docs/lints.md")),
        }
    }
    lints
}

/// Reads `exemptions`.
pub(super) fn exemptions<'a>(settings: &Part<'a>, problems: &mut Problems) -> Exemptions<'a> {
    let known = ["groups", "images", "labels", "users"];
    let Some(part) = settings.part("exemptions", &known, problems) else {
        return Exemptions::default();
    };
    let mut texts = |name: &str| -> Vec<&'a str> {
        let mut texts = Vec::new();
        for (path, text) in part.texts(name, problems) {
            if text.trim_matches('*').is_empty() {
                problems.push(bad(&path, format!("{text:?}"), "a name that not everything has"));
            }
            texts.push(text);
        }
        texts
    };
    let (groups, images, users) = (texts("groups"), texts("images"), texts("users"));
    Exemptions { labels: part.text_map("labels", problems), images, users, groups }
}

/// Whether `pattern`, in which `*` stands for any characters, is `text`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').map_or((None, rest), |(middle, end)| (Some(middle), end));
    let Some(inner) = text.strip_suffix(end) else { return false };
    text = inner;
    middle.into_iter().flat_map(|middle| middle.split('*')).all(|word| match text.split_once(word) {
        Some((_, after)) => {
            text = after;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, is) in [
            ("team-a", "team-a", true),
            ("team-a", "team-ab", false),
            ("team-*", "team-ab", true),
            ("*-a", "team-a", true),
            ("t*m*a", "team-a", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("*b*b*", "abcb", true),
            ("*b*b*b*", "abcb", false),
        ] {
            assert_eq!(matches(pattern, text), is, "{pattern} {text}");
        }
    }
}
