//! What a field means when a file leaves it out: the defaults of the published configuration classes.
//!
//! A real `config.json` holds what differs from its class, so an absent field has a value. The table
//! `class_defaults.tsv` has one line per `model_type`, sorted, `field=value` pairs behind a tab, each field under the
//! first of its spellings. `like=llama` names a line that says the rest, `field=null` takes one of its fields back,
//! and `field=@other` says that the class calls the field `other`. `llava/vision_config` is the part that a
//! `llava` has when its file leaves that part out.
//! Source: the configuration classes of the `transformers` library, by `tests/oracle/class_defaults.py`.

use std::rc::Rc;

use serde_json::Value;

use crate::packed::CLASS_DEFAULTS;

/// The lines of one class: its own, the one that says the rest, and one that goes before both.
#[derive(Clone, Debug)]
pub(super) struct ClassDefaults {
    /// What a larger model sets for its part, before the class of that part is asked.
    preset: Pairs,
    own: Pairs,
    like: Pairs,
}

/// The fields of a line and their values, cut apart once: an absent field is looked up several times.
type Pairs = Rc<[(&'static str, &'static str)]>;

impl ClassDefaults {
    /// Those of `class`, empty where the table does not have it.
    pub(super) fn of(class: &str) -> ClassDefaults {
        let own = pairs_of(class);
        let like = pair(&own, "like").map(pairs_of).unwrap_or_default();
        ClassDefaults { preset: Pairs::default(), own, like }
    }

    /// The same behind the line `name`, where the table has it.
    pub(super) fn over(self, name: &str) -> ClassDefaults {
        ClassDefaults { preset: pairs_of(name), ..self }
    }

    /// The default of `field`: `None` where the table has none or the class leaves it open.
    pub(super) fn value(&self, field: &str) -> Option<Value> {
        let text = self.text(self.other_name(field).unwrap_or(field))?;
        serde_json::from_str(text).ok().filter(|value: &Value| !value.is_null())
    }

    /// What the class calls `field`, where it calls it otherwise.
    pub(super) fn other_name(&self, field: &str) -> Option<&'static str> {
        self.text(field)?.strip_prefix('@')
    }

    /// Whether the class has a field of exactly this name.
    pub(super) fn names(&self, field: &str) -> bool {
        self.text(field).is_some_and(|text| text != "null" && !text.starts_with('@'))
    }

    fn text(&self, field: &str) -> Option<&'static str> {
        [&self.preset, &self.own, &self.like].into_iter().find_map(|pairs| pair(pairs, field))
    }
}

/// Whether the table has a line of this name.
pub(super) fn has_class(name: &str) -> bool {
    line_of(name).is_some()
}

fn pair(pairs: &Pairs, field: &str) -> Option<&'static str> {
    pairs.iter().find(|(name, _)| *name == field).map(|(_, value)| *value)
}

fn pairs_of(class: &str) -> Pairs {
    line_of(class).unwrap_or_default().split(' ').filter_map(|pair| pair.split_once('=')).collect()
}

fn line_of(class: &str) -> Option<&'static str> {
    let (name, pairs) = CLASS_DEFAULTS.find(class)?;
    (name == class).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_sorted_and_reads() {
        let mut last = "";
        for (name, pairs) in CLASS_DEFAULTS.records() {
            assert!(last < name, "{name} stands out of order");
            last = name;
            assert_eq!(line_of(name), Some(pairs), "{name}");
            let class = ClassDefaults::of(name);
            for (field, value) in pairs_of(name).iter().copied() {
                let known = match (field, value.strip_prefix('@')) {
                    ("like", _) => line_of(value).is_some_and(|line| !line.starts_with("like=")),
                    (_, Some(other)) => !class.text(other).unwrap_or_default().starts_with('@'),
                    (_, None) => serde_json::from_str::<Value>(value).is_ok(),
                };
                assert!(known, "{name}: {field}");
            }
        }
        assert_eq!(line_of("no-such-class"), None);
    }

    #[test]
    fn a_line_says_what_differs_from_another() {
        let class = ClassDefaults::of("llava/vision_config");
        assert_eq!(class.value("hidden_size"), Some(1024.into()), "its own");
        assert_eq!(class.value("num_channels"), Some(3.into()), "that of clip_vision_model");
        let vision = ClassDefaults::of("qwen2_vl_vision");
        assert_eq!(vision.other_name("num_hidden_layers"), Some("depth"));
        assert_eq!(vision.value("num_hidden_layers"), Some(32.into()));
        assert_eq!(ClassDefaults::of("diffllama").value("mlp_bias"), None, "taken back from llama");
    }
}
