//! What the policy may ask the cluster. Nothing unless it is asked for.

use super::read::{Part, Problems, bad};

/// What may be looked up through the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups<'a> {
    /// `models.configMap`: a ConfigMap of this name in the object's namespace.
    pub models: Option<&'a str>,
    /// `models.sharedNamespace`: and in this one.
    pub shared: Option<&'a str>,
    /// `nodes`: labels and resources of all nodes.
    pub nodes: bool,
    /// `resourceSlices`: what the DRA driver publishes.
    pub slices: bool,
    /// `claims`: the claims of the object, their templates and device classes.
    pub claims: bool,
    /// `runtimes`: what serving frameworks keep apart: runtimes, configs, caches.
    pub runtimes: bool,
}

impl Lookups<'_> {
    /// Whether what an object refers to may be looked up.
    pub(crate) const fn refers(&self) -> bool {
        self.claims || self.runtimes
    }

    /// Whether anything may be looked up.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.models.is_some() || self.nodes || self.slices || self.refers()
    }
}

/// Reads `lookups`.
pub(super) fn lookups<'a>(settings: &Part<'a>, problems: &mut Problems) -> Lookups<'a> {
    let known = ["claims", "models", "nodes", "resourceSlices", "runtimes"];
    let Some(part) = settings.part("lookups", &known, problems) else {
        return Lookups::default();
    };
    let models = part.part("models", &["configMap", "sharedNamespace"], problems);
    let (mut map, mut shared) = (None, None);
    if let Some(models) = models {
        map = Some(models.needed("configMap", problems)).filter(|name| !name.is_empty());
        shared = models.text("sharedNamespace", problems);
        if shared == Some("") {
            problems.push(bad(&models.at("sharedNamespace"), "nothing", "the name of a namespace"));
        }
    }
    Lookups {
        models: map,
        shared,
        nodes: part.switch("nodes", problems),
        slices: part.switch("resourceSlices", problems),
        claims: part.switch("claims", problems),
        runtimes: part.switch("runtimes", problems),
    }
}
