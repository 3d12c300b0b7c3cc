//! What can be found, by id. `docs/lints.md` explains each of them.

use serde::{Serialize, Serializer};

use super::finding::Severity;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub enum Lint {
    /// The model needs more memory than the device has.
    DoesNotFit,
    /// It fits by less than the error of the estimate.
    TightFit,
    /// It seems not to fit, and that is no proof.
    MayNotFit,
    /// Nothing is known of the model.
    UnknownModel,
    /// Nothing is known of the device.
    UnknownDevice,
    /// No device of that name exists where the pod may run.
    NoSuchDevice,
    /// A part that is needed cannot be read.
    Unreadable,
    /// A template was not rendered.
    UnrenderedTemplate,
    /// The engine would refuse its command line.
    BadCommandLine,
    /// The config of the model cannot be read.
    BadModel,
    /// The object has more containers with devices than are looked at.
    TooMany,
    /// One engine shares a model over several MIG slices.
    ParallelOnSlices,
    /// The engine starts more ranks than it has devices.
    TooFewDevices,
    /// The engine uses fewer devices than it asks for.
    IdleDevices,
    /// One container asks for several slices.
    SeveralSlices,
    /// Ranks talk through a `/dev/shm` of 64 MiB.
    SmallShm,
    /// One container asks for whole GPUs and for slices.
    GpuBesideMig,
    /// The nodes announce slices, and a whole GPU is asked for.
    WholeGpuOnMigPool,
    /// A key that Google Kubernetes Engine does not announce.
    MigKeyOnGke,
    /// Requests and limits of a device differ.
    RequestsDifferFromLimits,
    /// Others compute on the same device.
    SharedDevice,
    /// A device of half the memory would do.
    OverProvisioned,
    /// An engine on a slice chooses its own limits.
    NoEngineLimits,
    /// A container reaches GPUs that it did not ask for.
    GpuWithoutRequest,
    /// A toleration lets a pod onto GPU nodes and does not lead it there.
    TolerationAlone,
    /// Only pools without a node have the device.
    PoolAtZero,
    /// A claim or its template is not there.
    ClaimNotFound,
    /// A selector that no device satisfies.
    SelectsNothing,
    /// A claim that any slice satisfies.
    AnySlice,
    /// Replicas of dynamic slices are scattered over GPUs.
    ScatteredSlices,
    /// The number in a profile's name is taken for GiB.
    NameIsNotGib,
    /// A quota on a key that is never charged.
    QuotaNotEnforced,
    /// A quota that leaves other profiles without a limit.
    QuotaLeavesOpen,
    /// A quota that cannot tell slices from GPUs.
    QuotaBlindToSlices,
    /// A queue that does not cover what its pods ask for.
    QueueLeavesUncovered,
    /// The node announces no device: its profiles are mixed under `single`.
    MigInvalid,
    /// A layout that the GPU cannot have.
    ImpossibleLayout,
    /// A layout that leaves compute without a slice.
    IdleCompute,
    /// The last change of a node's layout failed.
    MigConfigFailed,
    /// The operator does not allow the device in the namespace.
    NotAllowed,
    /// Less is served than the operator demands.
    BelowMinimum,
    /// Less memory is left over than the operator demands.
    LittleHeadroom,
}

use Lint::*;

/// Id, usual severity and title of every lint, in the order of the enum.
#[rustfmt::skip]
const TABLE: &[(Lint, &str, Severity, &str)] = &[
    (DoesNotFit,               "does-not-fit",                Severity::Error,   "the model needs more memory than the device has"),
    (TightFit,                 "tight-fit",                   Severity::Warning, "the model fits by less than the error of the estimate"),
    (MayNotFit,                "may-not-fit",                 Severity::Warning, "the model seems not to fit, and that is no proof"),
    (UnknownModel,             "unknown-model",               Severity::Warning, "nothing is known of the model"),
    (UnknownDevice,            "unknown-device",              Severity::Warning, "nothing is known of the device"),
    (NoSuchDevice,             "no-such-device",              Severity::Error,   "no such device exists where the pod may run"),
    (Unreadable,               "unreadable",                  Severity::Error,   "a part that is needed cannot be read"),
    (UnrenderedTemplate,       "unrendered-template",         Severity::Warning, "a template was not rendered"),
    (BadCommandLine,           "bad-command-line",            Severity::Error,   "the engine would refuse its command line"),
    (BadModel,                 "bad-model",                   Severity::Error,   "the config of the model cannot be read"),
    (TooMany,                  "too-many",                    Severity::Error,   "more containers with devices than are looked at"),
    (ParallelOnSlices,         "parallel-on-slices",          Severity::Error,   "one engine shares a model over several MIG slices"),
    (TooFewDevices,            "too-few-devices",             Severity::Error,   "the engine starts more ranks than it has devices"),
    (IdleDevices,              "idle-devices",                Severity::Warning, "the engine uses fewer devices than it asks for"),
    (SeveralSlices,            "several-slices",              Severity::Warning, "one container asks for several slices"),
    (SmallShm,                 "small-shm",                   Severity::Warning, "ranks talk through a /dev/shm of 64 MiB"),
    (GpuBesideMig,             "gpu-beside-mig",              Severity::Warning, "one container asks for whole GPUs and for slices"),
    (WholeGpuOnMigPool,        "whole-gpu-on-mig-pool",       Severity::Error,   "the nodes announce slices, and a whole GPU is asked for"),
    (MigKeyOnGke,              "mig-key-on-gke",              Severity::Warning, "a resource that Google Kubernetes Engine does not announce"),
    (RequestsDifferFromLimits, "requests-differ-from-limits", Severity::Error,   "requests and limits of a device differ"),
    (SharedDevice,             "shared-device",               Severity::Warning, "others compute on the same device"),
    (OverProvisioned,          "over-provisioned",            Severity::Warning, "a device of half the memory would do"),
    (NoEngineLimits,           "no-engine-limits",            Severity::Note,    "an engine on a slice chooses its own limits"),
    (GpuWithoutRequest,        "gpu-without-request",         Severity::Warning, "a container reaches GPUs that it did not ask for"),
    (TolerationAlone,          "toleration-alone",            Severity::Warning, "a toleration does not lead a pod to GPU nodes"),
    (PoolAtZero,               "pool-at-zero",                Severity::Warning, "only pools without a node have the device"),
    (ClaimNotFound,            "claim-not-found",             Severity::Warning, "the claim, or its template, is not there"),
    (SelectsNothing,           "selects-nothing",             Severity::Error,   "no device satisfies the selector"),
    (AnySlice,                 "any-slice",                   Severity::Warning, "any slice satisfies the claim"),
    (ScatteredSlices,          "scattered-slices",            Severity::Warning, "replicas of dynamic slices are scattered over GPUs"),
    (NameIsNotGib,             "name-is-not-gib",             Severity::Warning, "the number in a profile's name is taken for GiB"),
    (QuotaNotEnforced,         "quota-not-enforced",          Severity::Warning, "the quota is on a key that is never charged"),
    (QuotaLeavesOpen,          "quota-leaves-open",           Severity::Note,    "the quota leaves other profiles without a limit"),
    (QuotaBlindToSlices,       "quota-blind-to-slices",       Severity::Note,    "the quota cannot tell slices from GPUs"),
    (QueueLeavesUncovered,     "queue-leaves-uncovered",      Severity::Warning, "the queue does not cover a resource of its pods"),
    (MigInvalid,               "mig-invalid",                 Severity::Warning, "the node announces no device: its profiles are mixed"),
    (ImpossibleLayout,         "impossible-layout",           Severity::Error,   "the GPU cannot be cut so"),
    (IdleCompute,              "idle-compute",                Severity::Note,    "the layout leaves compute without a slice"),
    (MigConfigFailed,          "mig-config-failed",           Severity::Warning, "the last change of the layout did not come through"),
    (NotAllowed,               "not-allowed",                 Severity::Error,   "the namespace does not allow the device"),
    (BelowMinimum,             "below-minimum",               Severity::Error,   "less is served than the operator demands"),
    (LittleHeadroom,           "little-headroom",             Severity::Error,   "less memory is left over than the operator demands"),
];

impl Lint {
    /// Every lint, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Lint> {
        TABLE.iter().map(|(lint, ..)| *lint)
    }

    fn row(self) -> (&'static str, Severity, &'static str) {
        let row = TABLE.iter().find(|(lint, ..)| *lint == self);
        row.map_or(("", Severity::Error, ""), |(_, id, severity, title)| (*id, *severity, *title))
    }

    /// The word for programs and settings: `several-slices`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// How severe it usually is.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().1
    }

    /// What it says, in one line.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The lint of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<Lint> {
        TABLE.iter().find(|(_, known, ..)| *known == id).map(|(lint, ..)| *lint)
    }
}

impl Serialize for Lint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lint_stands_once_in_its_place() {
        for (place, lint) in Lint::all().enumerate() {
            assert_eq!(lint as usize, place, "{lint:?}");
            assert_eq!(Lint::find(lint.id()), Some(lint));
        }
        assert_eq!(Lint::all().last(), Some(Lint::LittleHeadroom));
        assert_eq!(Lint::find("several"), None);
    }

    #[test]
    fn every_lint_has_its_page() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lints.md");
        let document = std::fs::read_to_string(path).unwrap();
        let sections: Vec<&str> = document.split("\n## ").skip(1).collect();
        let found: Vec<String> = sections.iter().map(|section| head(section)).collect();
        let expected: Vec<String> = Lint::all()
            .map(|lint| format!("{}\n\n*{}*: {}", lint.id(), lint.severity().word(), lint.title()))
            .collect();
        assert_eq!(found, expected);
        for section in sections {
            for part in ["\n**Why.** ", "\n**Fix.** ", "\n**Evidence.** "] {
                assert!(section.contains(part), "{part:?} is missing in {section}");
            }
        }
    }

    /// Heading and summary of a section.
    fn head(section: &str) -> String {
        section.lines().take(3).collect::<Vec<_>>().join("\n").trim_end_matches('.').to_owned()
    }
}
