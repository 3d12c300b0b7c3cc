//! A model to be served on one kind of device, proved to fit it.

use super::dialect::Dialect;
use super::launch::Launch;
use super::names;
use crate::engine::{self, Engine, Serving};
use crate::gpu::{Device, Gpu};
use crate::matching::{self, Offer, Verdict};
use crate::model::Model;
use crate::problem::Problem;
use crate::units::{Bytes, grouped};

/// What a user wants of the objects; the figures come from the estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Name of the objects; from the model's id where absent.
    pub name: Option<String>,
    /// Their namespace; that of the reader's context where absent.
    pub namespace: Option<String>,
    /// Copies of the model.
    pub replicas: u64,
    /// The engine's image; that of the engine's profile where absent.
    pub image: Option<String>,
    /// How the device is asked for.
    pub dialect: Dialect,
    /// The one product label (or, on Google Kubernetes Engine, accelerator) of the cluster's nodes; every one of
    /// the card where absent.
    pub card_label: Option<String>,
    /// The queue of Kueue that the workload waits in.
    pub queue: Option<String>,
    /// Its priority class in that queue.
    pub priority: Option<String>,
    /// The scheduler that places it: `runai-scheduler`, `kai-scheduler`.
    pub scheduler: Option<String>,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            name: None,
            namespace: None,
            replicas: 1,
            image: None,
            dialect: Dialect::Mixed,
            card_label: None,
            queue: None,
            priority: None,
            scheduler: None,
        }
    }
}

/// A model to be served on one kind of device, proved to fit it.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    /// The model's id, as its engine is told.
    pub id: String,
    /// What it is.
    pub model: &'a Model,
    /// How it is served.
    pub serving: &'a Serving,
    /// The engine.
    pub engine: &'static Engine,
    /// The device.
    pub device: Device<'a>,
    /// The answer for the device.
    pub offer: Offer,
    /// Longest sequence, in tokens.
    pub max_model_len: u64,
    /// What the objects should be.
    pub wish: Wish,
    /// Name of the objects.
    pub name: String,
}

/// The largest number of copies that is written.
const MOST_REPLICAS: u64 = 100_000;

impl<'a> Workload<'a> {
    /// Puts a model and a device together, and checks that one fits the other.
    ///
    /// # Errors
    /// Every reason at once: settings that cannot be used, `bad-name`, `parallel-on-slices` for an engine that would
    /// be spread over several slices, `does-not-fit`.
    pub fn new(
        id: &str,
        model: &'a Model,
        serving: &'a Serving,
        device: Device<'a>,
        wish: Wish,
    ) -> Result<Workload<'a>, Vec<Problem>> {
        let mut problems = check(&wish);
        if device.profile.is_some() && ranks(serving) > 1 {
            problems.push(parallel(device, ranks(serving)));
        }
        let report = match matching::fit(model, serving, &[device]) {
            Ok(report) => report,
            Err(several) => {
                problems.extend(several);
                return Err(problems);
            }
        };
        let engine = engine::find(&serving.engine).map_err(|problem| problems.push(problem));
        let offer = report.offers.into_iter().next();
        let misfit = offer.as_ref().filter(|offer| offer.verdict == Verdict::No);
        problems.extend(misfit.map(|offer| does_not_fit(model, serving, device, offer)));
        let (Ok(engine), Some(offer), true) = (engine, offer, problems.is_empty()) else {
            return Err(problems);
        };
        let name = wish.name.clone().unwrap_or_else(|| names::name_of(id));
        let max_model_len = report.max_model_len;
        Ok(Workload { id: id.to_owned(), model, serving, engine, device, offer, max_model_len, wish, name })
    }

    /// GPUs over which one copy is spread: 1 on a slice.
    #[must_use]
    pub fn devices(&self) -> u64 {
        ranks(self.serving)
    }

    /// How the engine is started.
    #[must_use]
    pub fn launch(&self) -> Launch {
        Launch::of(self)
    }

    /// The least memory of a device of this generation on which the model fits, in whole MiB. A claim for so much gets
    /// a device that holds it. The device's own memory where no smaller one is proved enough.
    #[must_use]
    pub fn least_memory(&self) -> Bytes {
        let own = self.device.memory_floor();
        let mut wanted = self.share_up(self.offer.estimate.total);
        for _ in 0..8 {
            let Some(offer) = self.on(wanted) else { return own };
            if wanted >= own {
                return own;
            }
            if offer.verdict != Verdict::No {
                return wanted;
            }
            wanted = wanted + self.share_up(offer.shortfall) + Bytes::from_mib(1);
        }
        own
    }

    /// The memory of which the engine's share is `part`, in whole MiB, rounded up.
    fn share_up(&self, part: Bytes) -> Bytes {
        Bytes::from_mib(self.offer.share.whole_for(part).get().div_ceil(1 << 20))
    }

    /// The answer for a device of the same generation with `memory`.
    fn on(&self, memory: Bytes) -> Option<Offer> {
        let gpu = Gpu::plain(self.device.gpu.key.clone(), self.device.gpu.architecture, memory);
        let report = matching::fit(self.model, self.serving, &[Device::whole(&gpu)]).ok()?;
        report.offers.into_iter().next()
    }

    /// What a reader should know before applying it.
    pub(super) fn notes(&self) -> Vec<String> {
        let offer = &self.offer;
        let mut notes = vec![format!(
            "{} on {}: {} needed of {} usable, {} of {} tokens under {}",
            self.id,
            offer.device,
            offer.estimate.total,
            offer.usable,
            sequences(self.serving.sequences),
            grouped(self.max_model_len),
            self.engine.name
        )];
        notes.extend(offer.reasons.iter().map(|reason| format!("{}: {}", offer.verdict.word(), reason.text)));
        notes.extend(self.launch().notes);
        notes
    }
}

fn sequences(number: u64) -> String {
    if number == 1 { "1 sequence".to_owned() } else { format!("{} sequences", grouped(number)) }
}

/// Devices over which one copy of a model is spread.
fn ranks(serving: &Serving) -> u64 {
    serving.tensor_parallel.saturating_mul(serving.pipeline_parallel).saturating_mul(serving.data_parallel)
}

fn check(wish: &Wish) -> Vec<Problem> {
    let names = [
        ("name", &wish.name),
        ("namespace", &wish.namespace),
        ("queue", &wish.queue),
        ("priority", &wish.priority),
        ("scheduler", &wish.scheduler),
    ];
    let given = names.into_iter().filter_map(|(what, name)| names::check(what, name.as_deref()?).err());
    let mut problems: Vec<Problem> = given.collect();
    if wish.replicas == 0 || wish.replicas > MOST_REPLICAS {
        let expected = format!("a whole number from 1 to {MOST_REPLICAS}");
        problems.push(Problem::new("bad-setting", "replicas", wish.replicas.to_string(), expected));
    }
    problems
}

fn parallel(device: Device<'_>, ranks: u64) -> Problem {
    let found = format!("{ranks} devices for one copy");
    Problem::new("parallel-on-slices", device.label(), found, "one: slices have no path to each other")
        .hint("take a larger profile or whole GPUs, or pack the weights")
}

fn does_not_fit(model: &Model, serving: &Serving, device: Device<'_>, offer: &Offer) -> Problem {
    let why: Vec<String> = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
    let expected = format!("a model that fits {}", offer.device);
    let problem = Problem::new("does-not-fit", "device", why.join("; "), expected);
    let siblings: Vec<Device> = Device::all_of(device.gpu).collect();
    let report = matching::fit(model, serving, &siblings).ok();
    let larger = report.as_ref().and_then(|report| report.offers.get(report.smallest?));
    match larger {
        Some(offer) => problem.hint(format!("{} holds it", offer.device)),
        None => problem.hint(format!("no device of {} holds it", device.gpu.short_name)),
    }
}
