//! What the planner is given. No link holds it: fleets are large, and tell of a cluster.

use std::rc::Rc;

use migfit_errands::{Errand, Otherwise};

use super::compact::{compact, quoted};

/// What a reader gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleet {
    /// The fleet.
    pub text: Rc<str>,
    /// Configs of models by id.
    pub models: Rc<str>,
    /// What would be otherwise.
    pub otherwise: Otherwise,
}

impl Fleet {
    /// Whether there is nothing to plan.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// What is to be done.
    #[must_use]
    pub fn errand(&self) -> Errand {
        Errand::Plan {
            fleet: self.text.to_string(),
            models: self.models.to_string(),
            otherwise: self.otherwise.clone(),
        }
    }

    /// The same fleet with this model among the known ones.
    #[must_use]
    pub fn knowing(&self, id: &str, config: &str) -> Fleet {
        // On one line, so that the JSON is YAML as well.
        let (key, config) = (quoted(id), compact(config));
        let before = self.models.trim_end();
        let models = format!("{before}{}{key}: {config}\n", if before.is_empty() { "" } else { "\n" });
        Fleet { models: models.into(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_added_one_below_the_other() {
        assert!(Fleet { text: " \n".into(), ..Fleet::default() }.is_empty());
        let two = Fleet::default().knowing("org/a", "{\n\"b\": 1\n}").knowing("org/b", "{}");
        assert_eq!(&*two.models, "\"org/a\": {\"b\":1}\n\"org/b\": {}\n");
    }
}
