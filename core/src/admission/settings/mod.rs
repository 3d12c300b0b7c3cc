//! What an operator sets. Strict: a misspelt name is an error, and every error is reported at once.
//! `docs/schema/policy-settings.json` describes it.

mod demands;
mod fleet;
mod lookups;
mod models;
pub(crate) mod read;
mod rules;

use crate::correction::Pool;
use crate::fleet::pools;
use crate::gpu::Gpu;
use crate::problem::Problem;
use crate::review::Reactions;
use serde_json::Value;

pub use demands::{Headroom, Minimum};
pub use fleet::Mutate;
pub use lookups::Lookups;
pub use models::Models;
pub(crate) use rules::matches;
pub use rules::{Allowed, Exemptions, Mode, Rule};

use read::{Part, bad};

/// The settings, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings<'a> {
    /// `mode`: where no namespace says otherwise.
    pub mode: Mode,
    /// `namespaces`: what differs by namespace.
    pub rules: Vec<Rule<'a>>,
    /// `models`: what is known of models, by the id that workloads use.
    pub models: Models<'a>,
    /// `gpus`: the GPUs of the cluster, those of `pools` included. None: any GPU of the catalog.
    pub gpus: Vec<&'static Gpu>,
    /// `pools`: nodes that offer the same devices.
    pub pools: Vec<Pool<'static>>,
    /// What the pools offer, where they are all that there is: no `gpus` beside them.
    pub offered: Vec<pools::Pool>,
    /// `minimum`: what must be served.
    pub minimum: Minimum,
    /// `headroom`: what must be left over.
    pub headroom: Option<Headroom>,
    /// `unknownModel`, `unknownDevice`, `unreadable`, `templates`, `parallelOnSlices`: what to do about what proves nothing.
    pub reactions: Reactions,
    /// `exemptions`: whom the policy leaves alone.
    pub exemptions: Exemptions<'a>,
    /// `mutate`: what may be corrected.
    pub mutate: Mutate,
    /// `lookups`: what may be asked of the cluster.
    pub lookups: Lookups<'a>,
}

/// Every setting, by name.
pub const NAMES: [&str; 17] = [
    "exemptions",
    "gpus",
    "headroom",
    "lints",
    "lookups",
    "minimum",
    "mode",
    "models",
    "mutate",
    "namespaces",
    "parallelOnSlices",
    "pools",
    "templates",
    "unknownDevice",
    "unknownModel",
    "unreadable",
    "version",
];

/// The one version of the settings that there is.
const VERSION: u64 = 1;

impl Settings<'_> {
    /// Reads settings; the configs of models are read when one is needed.
    ///
    /// # Errors
    /// `bad-setting`, `unknown-setting`, and those of [`crate::gpu::find`], all at once in a fixed order.
    pub fn read(settings: &Value) -> Result<Settings<'_>, Vec<Problem>> {
        let mut problems = Vec::new();
        let part = Part::new(settings, "settings".to_owned(), &NAMES, &mut problems);
        if part.number("version", &mut problems).is_some_and(|version| version != VERSION) {
            problems.push(bad("settings.version", "another version", "1, or none"));
        }
        let problems = &mut problems;
        let usual = Reactions::default();
        let mut settings = Settings {
            mode: part.word("mode", &Mode::ALL, problems).unwrap_or_default(),
            rules: rules::rules(&part, problems),
            models: models::models(&part, problems),
            gpus: fleet::gpus(&part, problems),
            pools: fleet::pools(&part, problems),
            offered: Vec::new(),
            minimum: demands::minimum(&part, problems),
            headroom: demands::headroom(&part, problems),
            reactions: Reactions {
                parallel_on_slices: part.reaction("parallelOnSlices", usual.parallel_on_slices, problems),
                unknown_device: part.reaction("unknownDevice", usual.unknown_device, problems),
                unknown_model: part.reaction("unknownModel", usual.unknown_model, problems),
                unreadable: part.reaction("unreadable", usual.unreadable, problems),
                templates: part.reaction("templates", usual.templates, problems),
                lints: rules::lints(&part, problems),
            },
            exemptions: rules::exemptions(&part, problems),
            mutate: fleet::mutate(&part, problems),
            lookups: lookups::lookups(&part, problems),
        };
        settings.contradictions(problems);
        settings.name_gpus_of_pools();
        if problems.is_empty() { Ok(settings) } else { Err(std::mem::take(problems)) }
    }

    /// Settings that cannot mean what they say together.
    fn contradictions(&self, problems: &mut Vec<Problem>) {
        let needs_pools = [("rightSize", self.mutate.right_size), ("placement", self.mutate.placement)];
        for (name, _) in needs_pools.into_iter().filter(|(_, on)| *on && self.pools.is_empty()) {
            problems.push(bad(
                &format!("settings.mutate.{name}"),
                "true without pools",
                "pools to choose from",
            ));
        }
        let modes = self.rules.iter().filter_map(|rule| rule.mode).chain([self.mode]);
        if self.mutate.any() && modes.into_iter().all(|mode| mode == Mode::Monitor) {
            let found = "corrections where every mode is monitor, which changes nothing";
            problems.push(bad("settings.mutate", found, "a mode of warn or enforce in some namespace"));
        }
        let stray = self.pools.iter().flat_map(|pool| &pool.devices).map(|device| device.gpu);
        let stray = stray.filter(|gpu| !self.gpus.is_empty() && !self.gpus.contains(gpu));
        for gpu in stray.take(1) {
            let expected = format!("no gpus, or {} among them", gpu.short_name);
            problems.push(bad("settings.gpus", "a list without a GPU of the pools", expected));
        }
    }

    fn name_gpus_of_pools(&mut self) {
        if self.gpus.is_empty() {
            self.offered = self.pools.iter().map(Pool::offered).collect();
        }
        for device in self.pools.iter().flat_map(|pool| &pool.devices) {
            if !self.gpus.contains(&device.gpu) {
                self.gpus.push(device.gpu);
            }
        }
    }

    /// The rule for `namespace`: the first that names it.
    #[must_use]
    pub fn rule(&self, namespace: &str) -> Option<&Rule<'_>> {
        self.rules.iter().find(|rule| rule.names.iter().any(|name| matches(name, namespace)))
    }

    /// Whether anything but the review has to know what the pods in `namespace` ask for.
    pub(super) fn looks_into_pods(&self, namespace: &str) -> bool {
        let profiles = self.rule(namespace).is_some_and(|rule| !rule.profiles.is_empty());
        profiles || self.lookups.any() || self.exemptions.any()
    }

    /// The mode in `namespace`.
    #[must_use]
    pub fn mode_in(&self, namespace: &str) -> Mode {
        self.rule(namespace).and_then(|rule| rule.mode).unwrap_or(self.mode)
    }
}

/// Everything that is wrong with `settings`, the configs of all models included.
#[must_use]
pub fn check(settings: &Value) -> Vec<Problem> {
    match Settings::read(settings) {
        Ok(settings) => settings.models.check(),
        Err(problems) => problems,
    }
}
