//! The rules on the same arrivals.

use super::{Interval, Mix, Rule, Simulation, compare};
use crate::gpu::find;
use crate::planning::unwatched;

fn simulation(card: &str, mix: Mix, gpus: usize, arrivals: u64, seeds: u64) -> Simulation<'static> {
    let gpu = find(card).unwrap();
    Simulation {
        gpu,
        gpus,
        load_percent: 115,
        arrivals,
        mix,
        shares: Vec::new(),
        rules: Rule::ALL.to_vec(),
        seeds,
    }
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let one = compare(&simulation("A30-24GB", Mix::LlmMix, 4, 300, 2), &mut unwatched);
    assert_eq!(one, compare(&simulation("A30-24GB", Mix::LlmMix, 4, 300, 2), &mut unwatched));
    assert_ne!(one.outcomes[0].accepted[0], one.outcomes[0].accepted[1]);
}

#[test]
fn a_fleet_that_is_not_full_accepts_everything() {
    let quiet = Simulation { load_percent: 2, ..simulation("A30-24GB", Mix::Uniform, 16, 300, 1) };
    for outcome in compare(&quiet, &mut unwatched).outcomes {
        assert_eq!(outcome.accepted, [1_000_000], "{:?}", outcome.rule);
    }
}

#[test]
fn a_run_can_be_stopped() {
    let mut runs = 0;
    let found = compare(&simulation("A30-24GB", Mix::Uniform, 2, 50, 9), &mut |_| {
        runs += 1;
        if runs > 2 { core::ops::ControlFlow::Break(()) } else { core::ops::ControlFlow::Continue(()) }
    });
    assert!(found.outcomes.iter().all(|outcome| outcome.accepted.len() == 2));
}

/// 64 GPUs at 115 % of their memory, 20 seeds: on no mix does any compared rule accept more.
#[test]
#[ignore = "long: `cargo xtask test` runs it optimised"]
fn our_rule_accepts_at_least_as_much_as_the_best_of_the_others_on_every_mix() {
    for mix in Mix::ALL {
        let found = compare(&simulation("H100-80GB", mix, 64, 6000, 20), &mut unwatched);
        let of =
            |rule| found.outcomes.iter().find(|outcome| outcome.rule == rule).unwrap().accepted.as_slice();
        let own = of(Rule::LeastLoss);
        for rule in Rule::ALL.into_iter().filter(|rule| *rule != Rule::LeastLoss) {
            let gain = Interval::of_difference(own, of(rule));
            assert!(
                gain.mean - gain.half_width.unwrap() > 0,
                "{} against {}: {gain:?}",
                mix.word(),
                rule.word()
            );
        }
    }
}
