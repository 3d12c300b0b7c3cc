//! What the policy page is given. No link holds it: manifests are large, and tell of a cluster.

use std::rc::Rc;

use migfit_errands::{Admission, Errand};

/// What a reader gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The manifest.
    pub manifest: Rc<str>,
    /// Configs of models by id.
    pub models: Rc<str>,
    /// Names of cards, with commas between them.
    pub gpus: Rc<str>,
    /// Settings of the admission policy, and how it is asked.
    pub admission: Admission,
}

impl Policy {
    /// What is to be done; nothing without a manifest.
    #[must_use]
    pub fn errand(&self) -> Option<Errand> {
        let names = self.gpus.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
        (!self.manifest.trim().is_empty()).then(|| Errand::Review {
            manifest: self.manifest.to_string(),
            models: self.models.to_string(),
            gpus: names.map(str::to_owned).collect(),
            admission: Box::new(self.admission.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_done_without_a_manifest_and_cards_are_told_apart() {
        let empty = Policy { manifest: " \n".into(), ..Policy::default() };
        assert_eq!(empty.errand(), None);
        let given =
            Policy { manifest: "a: 1".into(), gpus: " H100-80GB, L40S,\n".into(), ..Policy::default() };
        let Some(Errand::Review { gpus, .. }) = given.errand() else { panic!("nothing to do") };
        assert_eq!(gpus, ["H100-80GB", "L40S"]);
    }
}
