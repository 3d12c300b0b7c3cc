//! From today to the plan.

use super::super::{Fleet, Held, Mode, Standing, Today, change};
use super::{needs, node, picture, planned};
use crate::gpu::find;
use crate::gpu::layout::Instance;

fn standing(card: &str, profile: &str, start: u8, holder: Option<&str>) -> Standing<'static> {
    let gpu = find(card).unwrap();
    let profile = gpu.profile(profile.parse().unwrap()).unwrap();
    let held = holder.map(|name| Held { name: name.to_owned(), tenant: None });
    Standing { instance: Instance { profile, start }, held }
}

#[test]
fn who_sits_well_stays_and_nothing_is_done() {
    let mut fleet = Fleet {
        nodes: vec![node("a", "A100-40GB", 2)],
        workloads: vec![needs("chat", 18, 1)],
        ..Fleet::default()
    };
    fleet.nodes[0].gpus[1].today = Today::Cut(vec![
        standing("A100-40GB", "1g.5gb", 0, Some("someone")),
        standing("A100-40GB", "3g.20gb", 4, Some("chat")),
    ]);
    let plan = planned(&fleet);
    assert_eq!(picture(&plan), ["a:1 1g.5gb@0 (someone), 3g.20gb@4 chat/0"]);
    let way = change(&fleet, &plan);
    assert_eq!((way.running, way.drained, way.steps.len()), (2, 0, 0));
}

#[test]
fn two_half_empty_gpus_become_one_and_one_replica_moves() {
    let mut fleet = Fleet {
        nodes: vec![node("a", "A100-40GB", 2)],
        workloads: vec![needs("small", 9, 4)],
        ..Fleet::default()
    };
    for gpu in &mut fleet.nodes[0].gpus {
        gpu.today = Today::Cut(vec![
            standing("A100-40GB", "2g.10gb", 0, Some("small")),
            standing("A100-40GB", "2g.10gb", 2, Some("small")),
        ]);
    }
    let plan = planned(&fleet);
    assert_eq!(
        picture(&plan),
        ["a:0 2g.10gb@0 small/0, 2g.10gb@2 small/1, 2g.10gb@4 small/2, 1g.10gb@6 small/3"]
    );
    let way = change(&fleet, &plan);
    assert_eq!((way.running, way.drained), (2, 2));
    let steps: Vec<(u32, usize, usize, usize)> = way
        .steps
        .iter()
        .map(|step| (step.index, step.create.len(), step.start.len(), step.drain.len()))
        .collect();
    assert_eq!(steps, [(0, 2, 2, 0), (1, 0, 0, 2)], "new places come before old ones go");
    assert_eq!(way.steps[0].commands, ["nvidia-smi mig -i 0 -cgi 14:4,15:6 -C"]);
    assert!(way.modes.is_empty());
}

#[test]
fn a_whole_gpu_is_cut() {
    let mut fleet = Fleet {
        nodes: vec![node("a", "A100-40GB", 1)],
        workloads: vec![needs("small", 9, 2)],
        ..Fleet::default()
    };
    fleet.nodes[0].gpus[0].today = Today::Whole(Held { name: "small".to_owned(), tenant: None });
    let plan = planned(&fleet);
    assert_eq!(plan.gpus[0].mode, Mode::Sliced);
    let way = change(&fleet, &plan);
    assert_eq!((way.running, way.drained), (0, 1));
    assert_eq!(way.steps[0].commands[..2], ["nvidia-smi -i 0 -mig 1", "nvidia-smi -i 0 --gpu-reset"]);
    assert!(way.modes[0].1.reset_to_toggle);
}

#[test]
fn those_who_are_kept_are_not_moved() {
    let mut fleet = Fleet {
        nodes: vec![node("a", "A100-40GB", 2)],
        workloads: vec![needs("small", 9, 4)],
        keep: true,
        ..Fleet::default()
    };
    for gpu in &mut fleet.nodes[0].gpus {
        gpu.today = Today::Cut(vec![standing("A100-40GB", "2g.10gb", 0, Some("small"))]);
    }
    let plan = planned(&fleet);
    assert_eq!(plan.score.missing, 0);
    let way = change(&fleet, &plan);
    assert_eq!((way.running, way.drained), (2, 0));
}
