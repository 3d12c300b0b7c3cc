//! Small fleets.

use super::super::{Fleet, Held, Score, Spread, Standing, Today, Use, Workload};
use super::oracle::best;
use super::{needs, node, picture, planned};
use crate::gpu::layout::{Layout, Set, maximal};
use crate::units::Bytes;

/// The scenario that the product was made for: granite-7b on three slices and a small model beside it.
#[test]
fn three_slices_of_20gb_and_one_of_10() {
    let fleet = Fleet {
        nodes: vec![node("a", "H100-80GB", 2)],
        workloads: vec![needs("granite", 16, 3), needs("embed", 4, 1)],
        ..Fleet::default()
    };
    let plan = planned(&fleet);
    assert_eq!(
        picture(&plan),
        ["a:0 1g.10gb@0 embed/0, 2g.20gb@2 granite/0, 2g.20gb@4 granite/1, 1g.20gb@6 granite/2"],
        "three 2g.20gb beside a 1g.10gb would strand the last slice"
    );
    assert!(plan.bound.proved);
    assert_eq!((plan.bound.gpus, plan.gap()), (1, 0));
    assert_eq!((plan.score.stranded, plan.score.idle_compute), (Bytes::ZERO, 1));
}

/// Small numbers that only a seed decides.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }
}

/// A random small fleet with everything that a fleet may have.
fn fleet(seed: u64, gpus: u64) -> Fleet<'static> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    for _ in 0..4 {
        dice.below(2);
    }
    let cards = ["A100-80GB", "A30-24GB", "H100-80GB", "RTX-PRO-5000-48GB", "L4-24GB"];
    let mut left = 1 + dice.below(gpus);
    let mut nodes = Vec::new();
    while left > 0 {
        let count = 1 + dice.below(left);
        left -= count;
        let card = cards[dice.below(cards.len() as u64) as usize];
        let mut own = node(&format!("n{}", nodes.len()), card, count as usize);
        for gpu in &mut own.gpus {
            if gpu.gpu.has_mig() && dice.one_in(5) {
                gpu.today = strangers(&mut dice, gpu.gpu);
            }
        }
        if dice.one_in(6) {
            let usage = if own.gpus[0].gpu.has_mig() { Use::Sliced } else { Use::Whole };
            own.gpus.iter_mut().for_each(|gpu| gpu.usage = usage);
        }
        nodes.push(own);
    }
    let mut workloads = Vec::new();
    for at in 0..1 + dice.below(3) {
        workloads.push(workload(&mut dice, at));
    }
    if workloads.len() > 1 && dice.one_in(4) {
        let other = workloads[1].name.clone();
        workloads[0].apart.push(other);
    }
    let alone = dice.one_in(3) && workloads.iter().any(|own| own.tenant.as_deref() == Some("t0"));
    Fleet { nodes, workloads, alone: if alone { vec!["t0".to_owned()] } else { Vec::new() }, keep: false }
}

fn strangers(dice: &mut Dice, gpu: &'static crate::gpu::Gpu) -> Today<'static> {
    let all = maximal(gpu, Set::Plain);
    let layout: &Layout<'static> = &all[dice.below(all.len() as u64) as usize];
    let mut standing = Vec::new();
    for instance in layout.instances() {
        if dice.one_in(2) {
            let tenant = dice.one_in(2).then(|| "t0".to_owned());
            let held = Some(Held { name: "stranger".to_owned(), tenant });
            standing.push(Standing { instance: *instance, held });
        }
    }
    if standing.is_empty() { Today::Unused } else { Today::Cut(standing) }
}

fn workload(dice: &mut Dice, at: u64) -> Workload<'static> {
    let sizes = [4, 9, 11, 18, 22, 30, 38, 60, 78];
    let mut own = needs(&format!("w{at}"), sizes[dice.below(9) as usize], 1 + dice.below(5));
    if dice.one_in(4) {
        own.floors.compute_slices = Some(1 + dice.below(3) as u8);
    }
    if dice.one_in(4) {
        own.spread = Spread {
            per_gpu: dice.one_in(2).then(|| 1 + dice.below(2)),
            per_node: dice.one_in(2).then(|| 1 + dice.below(3)),
        };
    }
    if dice.one_in(8) {
        let memory = Bytes::from_gib(sizes[dice.below(9) as usize]);
        own.need = super::super::Need::Declared { memory, devices: 2 };
        own.spread.per_gpu = None;
    }
    own.tenant = Some(format!("t{}", dice.below(2)));
    own
}

/// A fleet in a few lines.
fn told(fleet: &Fleet<'_>) -> String {
    let mut text = format!("alone {:?}\n", fleet.alone);
    for node in &fleet.nodes {
        let gpus: Vec<String> =
            node.gpus.iter().map(|gpu| format!("{:?} {}", gpu.usage, gpu.layout())).collect();
        text += &format!("{}: {} {gpus:?}\n", node.name, node.gpus[0].gpu.short_name);
    }
    for own in &fleet.workloads {
        text += &format!("{own:?}\n");
    }
    text
}

fn agrees(seeds: core::ops::Range<u64>, gpus: u64) {
    for seed in seeds {
        let fleet = fleet(seed, gpus);
        let plan = planned(&fleet);
        let best: Score = best(&fleet);
        assert_eq!(plan.score, best, "seed {seed}: {}\n{:#?}", told(&fleet), picture(&plan));
        assert!(plan.bound.proved && plan.bound.gpus <= plan.score.gpus, "seed {seed}: {:?}", plan.bound);
    }
}

#[test]
fn small_fleets_are_planned_as_well_as_by_trying_everything() {
    agrees(0..120, 4);
}

/// Up to eight GPUs, thousands of fleets: minutes without optimization.
#[test]
#[ignore = "long: `cargo xtask test` runs it optimised"]
fn thousands_of_small_fleets_are_planned_as_well_as_by_trying_everything() {
    agrees(1_000..4_000, 8);
}
