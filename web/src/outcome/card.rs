//! One GPU as its memory slices: what stands where, what can still be placed, what is stranded.

use migfit::gpu::layout::{Instance, Layout, Leftover, Set, maximal, preparation};
use migfit::gpu::{self, Gpu, Profile, ProfileName, catalog};
use migfit::matching::{Offer, Verdict};
use migfit::problem::Problem;

use super::Judged;

/// A run of slices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// First memory slice.
    pub start: u8,
    /// How many.
    pub size: u8,
    /// What is there.
    pub what: What,
}

/// What is on a run of slices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An instance, whether the model fits it, and the layout without it.
    Instance {
        /// Profile name.
        name: String,
        /// Whether the model fits an instance like this.
        verdict: Option<Verdict>,
        /// The layout without it.
        without: String,
    },
    /// Nothing, and something can still be placed.
    Free,
    /// Nothing, and nothing can be placed any more.
    Stranded,
}

/// Where a profile may start: with the layout that placing it there gives, or why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// First memory slice.
    pub slice: u8,
    /// The layout after, or why not.
    pub then: Result<String, Problem>,
}

/// A profile and its starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Profile name.
    pub name: String,
    /// Whether the model fits it.
    pub verdict: Option<Verdict>,
    /// Where it may start.
    pub starts: Vec<Start>,
}

/// A card and how it is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The GPU, as a reader calls it.
    pub gpu: String,
    /// The whole layout.
    pub layout: String,
    /// How many memory slices it has.
    pub slices: u8,
    /// From left to right.
    pub cells: Vec<Cell>,
    /// What can be placed.
    pub choices: Vec<Choice>,
    /// What is unused.
    pub leftover: Leftover,
    /// How many instances hold the model.
    pub holding: usize,
    /// The commands that get there.
    pub commands: Vec<String>,
    /// Every layout to which nothing can be added, media and graphics variants apart.
    pub layouts: Vec<String>,
    /// Why the layout of a link is not shown.
    pub refused: Option<Problem>,
}

/// The card of the open device, cut as asked, else into as many instances of the open profile as it
/// holds; none for a GPU without MIG.
#[must_use]
pub fn of(judged: &Judged, open: &Offer, asked: Option<&str>) -> Option<Card> {
    let gpu = catalog().iter().find(|gpu| gpu.key == open.gpu).filter(|gpu| gpu.has_mig())?;
    let (layout, refused) = match asked.map(|text| Layout::parse(gpu, text)) {
        Some(Ok(layout)) => (layout, None),
        Some(Err(problem)) => (filled(gpu, judged, open), Some(problem)),
        None => (filled(gpu, judged, open), None),
    };
    let verdict = |name: &str| {
        let same = |offer: &&Offer| offer.gpu == open.gpu && offer.profile.as_deref() == Some(name);
        judged.report.offers.iter().find(same).map(|offer| offer.verdict)
    };
    let cells = cells(&layout, &verdict);
    let holding = layout
        .instances()
        .iter()
        .filter(|one| verdict(&one.profile.name.to_string()).is_some_and(|v| v != Verdict::No));
    let mut commands = preparation(gpu, 0);
    commands.extend(Some(layout.command(0)).filter(|command| !command.is_empty()));
    Some(Card {
        gpu: gpu.short_name.to_string(),
        layout: layout.to_string(),
        slices: gpu.memory_slices,
        holding: holding.count(),
        cells,
        choices: plain(gpu).map(|profile| choice(&layout, profile, &verdict)).collect(),
        leftover: layout.leftover(),
        commands,
        layouts: maximal(gpu, Set::Plain).iter().map(ToString::to_string).collect(),
        refused,
    })
}

/// The layout of `card` with `name` let go over `slice`, and no longer at `from`; or why it cannot stand there.
///
/// # Errors
/// As [`Layout::new`].
pub fn dropped(card: &Card, name: &str, from: Option<u8>, slice: u8) -> Result<String, Problem> {
    let gpu = gpu::find(&card.gpu)?;
    let layout = Layout::parse(gpu, &card.layout)?;
    let others = layout.instances().iter().filter(|one| Some(one.start) != from);
    let mut wanted: Vec<_> = others.map(|one| (one.profile.name, one.start)).collect();
    let start = would_stand(card, name, slice).map_or(slice, |(start, _)| start);
    wanted.push((ProfileName::parse(name)?, start));
    Layout::new(gpu, &wanted).map(|layout| layout.to_string())
}

/// First slice and number of slices of the place of `name` that covers `slice`; `None` where no place does.
#[must_use]
pub fn would_stand(card: &Card, name: &str, slice: u8) -> Option<(u8, u8)> {
    let profile = gpu::find(&card.gpu).ok()?.profile(ProfileName::parse(name).ok()?).ok()?;
    let size = profile.placements.size;
    let covers = |start: &&u8| (**start..start.saturating_add(size)).contains(&slice);
    profile.placements.starts.iter().find(covers).map(|start| (*start, size))
}

/// The layout of `card` without the instance at `start`.
#[must_use]
pub fn without(card: &Card, start: u8) -> String {
    let here = card.cells.iter().find(|cell| cell.start == start);
    match here.map(|cell| &cell.what) {
        Some(What::Instance { without, .. }) => without.clone(),
        Some(What::Free | What::Stranded) | None => card.layout.clone(),
    }
}

/// Profiles without media or graphics extensions, which decide nothing about memory.
fn plain(gpu: &Gpu) -> impl Iterator<Item = &Profile> {
    gpu.profiles.iter().filter(|profile| !profile.media_extensions() && !profile.graphics())
}

/// How an empty layout prints.
pub const NOTHING: &str = "nothing";

/// As many instances as there is room for: of the open profile, or of the smallest that holds the model.
fn filled<'a>(gpu: &'a Gpu, judged: &Judged, open: &Offer) -> Layout<'a> {
    let holds = |profile: &&Profile| {
        let name = Some(profile.name.to_string());
        judged
            .report
            .offers
            .iter()
            .any(|offer| offer.gpu == open.gpu && offer.profile == name && offer.verdict != Verdict::No)
    };
    let named = gpu.profiles.iter().find(|profile| open.profile == Some(profile.name.to_string()));
    let profile = named.or_else(|| plain(gpu).filter(holds).min_by_key(|profile| profile.memory.floor));
    let mut layout = Layout::empty(gpu);
    while let Some(next) = profile.and_then(|profile| layout.create(profile)) {
        layout = next;
    }
    layout
}

fn cells(layout: &Layout, verdict: &impl Fn(&str) -> Option<Verdict>) -> Vec<Cell> {
    let reach: Vec<Instance> = layout.creatable();
    let reached = |slice: u8| {
        reach
            .iter()
            .any(|one| (one.start..one.start.saturating_add(one.profile.placements.size)).contains(&slice))
    };
    let mut cells: Vec<Cell> = Vec::new();
    let mut slice = 0;
    while slice < layout.gpu().memory_slices {
        let here = layout.instances().iter().find(|instance| instance.start == slice);
        let (what, size) = match here {
            Some(instance) => (standing(layout, instance, verdict), instance.profile.placements.size.max(1)),
            None => (if reached(slice) { What::Free } else { What::Stranded }, 1),
        };
        cells.push(Cell { start: slice, size, what });
        slice = slice.saturating_add(size);
    }
    cells
}

fn standing(layout: &Layout, instance: &Instance, verdict: &impl Fn(&str) -> Option<Verdict>) -> What {
    let others: Vec<String> =
        layout.instances().iter().filter(|other| *other != instance).map(ToString::to_string).collect();
    let name = instance.profile.name.to_string();
    What::Instance {
        verdict: verdict(&name),
        name,
        without: if others.is_empty() { NOTHING.to_owned() } else { others.join(", ") },
    }
}

fn choice(layout: &Layout, profile: &Profile, verdict: &impl Fn(&str) -> Option<Verdict>) -> Choice {
    let name = profile.name.to_string();
    let start = |slice: &u8| {
        let mut wanted: Vec<_> = layout.instances().iter().map(|one| (one.profile.name, one.start)).collect();
        wanted.push((profile.name, *slice));
        let then = Layout::new(layout.gpu(), &wanted).map(|layout| layout.to_string());
        Start { slice: *slice, then }
    };
    Choice { verdict: verdict(&name), starts: profile.placements.starts.iter().map(start).collect(), name }
}
