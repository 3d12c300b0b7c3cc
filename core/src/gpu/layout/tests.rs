//! Counts, the claims that are commonly wrong, orders of creation, drawings.

use super::*;
use crate::gpu::{catalog, find};
use crate::units::Bytes;

fn gpu(name: &str) -> &'static Gpu {
    find(name).unwrap()
}

fn layout(card: &str, text: &str) -> Layout<'static> {
    Layout::parse(gpu(card), text).unwrap()
}

fn refused(card: &str, text: &str) -> String {
    Layout::parse(gpu(card), text).unwrap_err().to_string()
}

#[test]
fn four_slices_and_three_of_one_are_legal_on_an_a100() {
    let mixed = layout("A100-40GB", "4g.20gb, 3x1g.5gb");
    assert_eq!(mixed.to_string(), "4g.20gb@0, 1g.5gb@4, 1g.5gb@5, 1g.5gb@6");
    assert_eq!(layout("A100-40GB", "4g,3g").to_string(), "4g.20gb@0, 3g.20gb@4");
    assert_eq!(
        refused("A100-40GB", "4g,4x1g"),
        "layout of A100-40GB: found `1g.5gb` beside 4g.20gb@0, 1g.5gb@4, 1g.5gb@5, 1g.5gb@6, \
         expected start 0 or 1 or 2 or 3 or 4 or 5 or 6 free, and no more than 7 of this profile"
    );
}

#[test]
fn four_slices_exist_once() {
    let four = gpu("A100-40GB").profile("4g.20gb".parse().unwrap()).unwrap();
    assert_eq!((four.max_instances, four.placements.starts.as_ref()), (1, [0].as_slice()));
    let problem = Layout::parse(gpu("A100-40GB"), "4g.20gb 4g.20gb").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "layout of A100-40GB: found `4g.20gb` beside 4g.20gb@0, expected start 0 free, and no more than 1 of this profile"
    );
    assert_eq!(problem.hint.as_deref(), Some("no order and no placement holds all of it"));
}

#[test]
fn three_times_three_slices_never_fit_and_nothing_goes_beside_two() {
    for card in catalog().iter().filter(|gpu| gpu.memory_slices == 8) {
        let three = card.profiles.iter().find(|p| p.name.slices == 3).unwrap();
        let one = card.profiles.first().unwrap();
        assert!(Layout::empty(card).place(&[three, three]).is_some(), "{}", card.key);
        assert!(Layout::empty(card).place(&[three, three, three]).is_none(), "{}", card.key);
        assert!(Layout::empty(card).place(&[three, three, one]).is_none(), "{}", card.key);
        assert_eq!(three.max_instances, 2, "{}", card.key);
    }
    assert_eq!(layout("H100-80GB", "3g 3g").creatable(), []);
    let valid = ["3g 3g", "3g 2g 2g", "3g 2g 1g 1g", "3g 1g 1g 1g 1g", "2g 2g 2g 1g"];
    for text in valid {
        layout("H100-80GB", text);
    }
    assert_eq!(
        refused("H100-80GB", "3x3g.20gb 1g.10gb"),
        "MIG profile of H100-80GB: found `3g.20gb`, expected one of 1g.10gb, 1g.10gb+me, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb"
    );
}

#[test]
fn numbers_of_profiles_on_an_a100() {
    let ids: Vec<String> =
        gpu("A100-40GB").profiles.iter().map(|p| format!("{} {}", p.name, p.smi_id.unwrap())).collect();
    assert_eq!(
        ids.join(", "),
        "1g.5gb 19, 1g.5gb+me 20, 1g.10gb 15, 2g.10gb 14, 3g.20gb 9, 4g.20gb 5, 7g.40gb 0"
    );
    let fourteen = |card: &str| {
        let profile = gpu(card).profiles.iter().find(|p| p.smi_id == Some(14)).unwrap();
        profile.name.to_string()
    };
    assert_eq!(fourteen("A100-40GB"), "2g.10gb");
    assert_eq!(fourteen("A30"), "1g.6gb");
    assert_eq!(fourteen("rtx-pro-6000-96gb"), "1g.24gb");
}

#[test]
fn eight_gpus_cut_into_single_slices_are_56_units() {
    let full = layout("H100-80GB", "7x1g.10gb");
    assert_eq!(full.instances().len() * 8, 56);
    assert_eq!(full.leftover().stranded_memory, 1);
}

#[test]
fn half_an_h100_is_not_40_gib() {
    let half = gpu("H100-80GB").profile("3g.40gb".parse().unwrap()).unwrap();
    assert!(half.memory.best() < Bytes::from_gib(40));
    assert_eq!(half.memory.best(), Bytes::from_mib(40_448));
}

#[test]
fn toggling_mig_mode_needs_a_reset_on_ampere_alone() {
    for card in catalog().iter().filter(|gpu| gpu.has_mig()) {
        let ampere = card.architecture == crate::gpu::Architecture::Ampere;
        assert_eq!(card.mig_mode.unwrap().reset_to_toggle, ampere, "{}", card.key);
        let commands = preparation(card, 2).join("; ");
        assert_eq!(commands.contains("--gpu-reset"), ampere, "{}", card.key);
    }
    assert_eq!(
        preparation(gpu("H100-80GB"), 2),
        ["nvidia-smi -i 2 -mig 1", "nvidia-smi mig -i 2 -dci", "nvidia-smi mig -i 2 -dgi"]
    );
    assert!(preparation(&Gpu::plain("plain", crate::gpu::Architecture::Ada, Bytes::ZERO), 0).is_empty());
}

/// The four outcomes that the MIG User Guide prints for A100 40GB.
#[test]
fn without_starts_instances_land_where_the_guide_shows_them() {
    let place = |text: &str| layout("A100-40GB", text).to_string();
    assert_eq!(place("4g 2g 1g"), "4g.20gb@0, 2g.10gb@4, 1g.5gb@6");
    assert_eq!(place("3g 2g 1g 1g"), "1g.5gb@0, 1g.5gb@1, 2g.10gb@2, 3g.20gb@4");
    assert_eq!(place("2g 1g 1g 1g 1g 1g"), "1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3, 2g.10gb@4, 1g.5gb@6");
    let problem = Layout::parse(gpu("A100-40GB"), "1g 1g 2g 3g").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "layout of A100-40GB: found `3g.20gb` beside 2g.10gb@2, 1g.5gb@5, 1g.5gb@6, \
         expected start 0 or 4 free, and no more than 2 of this profile"
    );
    assert_eq!(problem.hint.as_deref(), Some("all of it fits as 1g.5gb@0, 1g.5gb@1, 2g.10gb@2, 3g.20gb@4"));
}

#[test]
fn orders_and_commands_lead_to_the_layout() {
    let mixed = layout("A100-40GB", "3g@4 2g@2 1g@1 1g@0");
    let order = mixed.creation_order().unwrap();
    let names: Vec<String> = order.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["3g.20gb@4", "2g.10gb@2", "1g.5gb@1", "1g.5gb@0"]);
    assert_eq!(mixed.command(0), "nvidia-smi mig -i 0 -cgi 19:0,19:1,14:2,9:4 -C");
    let fails = mixed.failing_order().unwrap();
    assert_eq!(command_without_starts(0, fails), "nvidia-smi mig -i 0 -cgi 19,19,14,9 -C");
    let works = order.iter().map(|instance| instance.profile);
    assert_eq!(command_without_starts(0, works), "nvidia-smi mig -i 0 -cgi 9,14,19,19 -C");
    assert_eq!(layout("A100-40GB", "7x1g").failing_order(), None);
    assert_eq!(Layout::empty(gpu("A100-40GB")).command(0), "");
    assert_eq!(layout("A30", "2g 1g 1g").command(3), "nvidia-smi mig -i 3 -cgi 14:0,14:1,5:2 -C");
    assert_eq!(
        layout("rtx-pro-5000-48gb", "1g.24gb-me@1").command(0),
        "nvidia-smi mig -i 0 -cgi 1g.24gb-me:1 -C"
    );
}

/// A 3g alone at 0 is never the driver's own choice.
#[test]
fn some_layouts_need_explicit_starts() {
    assert_eq!(layout("H100-80GB", "3g@0").creation_order(), None);
    assert!(layout("H100-80GB", "3g@0 3g@4").creation_order().is_some());
}

/// As many instances as can be written still get their answer at once.
#[test]
fn a_hopeless_wish_is_refused_without_trying_every_order() {
    assert_eq!(
        refused("A100-40GB", "32x1g.5gb"),
        "layout of A100-40GB: found `1g.5gb` beside 1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3, 1g.5gb@4, 1g.5gb@5, \
         1g.5gb@6, expected start 0 or 1 or 2 or 3 or 4 or 5 or 6 free, and no more than 7 of this profile"
    );
}

/// Under the inferred rule, largest first never fails on a multiset that fits at all.
#[test]
fn largest_first_never_fails() {
    for (card, count) in [("A100-40GB", 128), ("A30", 20), ("rtx-pro-6000-96gb", 115)] {
        let card = gpu(card);
        let mut multisets: Vec<Vec<&Profile>> = layouts(card, Set::All)
            .iter()
            .map(|layout| {
                let mut profiles: Vec<&Profile> = layout.instances().iter().map(|i| i.profile).collect();
                profiles.sort_by_key(|p| (p.memory_slices, p.compute_slices, p.name));
                profiles.reverse();
                profiles
            })
            .collect();
        multisets.sort_by_key(|profiles| profiles.iter().map(|p| p.name).collect::<Vec<_>>());
        multisets.dedup();
        for profiles in &multisets {
            assert!(Layout::empty(card).create_all(profiles).is_ok(), "{}", card.key);
        }
        assert_eq!(multisets.len(), count, "{}", card.key);
    }
}

#[test]
fn a_partly_used_gpu_says_what_still_goes_in() {
    let used = layout("A100-40GB", "3g@0 1g@4");
    let free: Vec<String> = used.creatable().iter().map(ToString::to_string).collect();
    assert_eq!(free.join(", "), "1g.5gb@5, 1g.5gb+me@5, 1g.5gb@6, 1g.5gb+me@6, 1g.10gb@6");
    assert_eq!(used.leftover().free_memory, 3);
    assert_eq!(used.leftover().stranded_memory, 0);
    let wasteful = layout("A100-40GB", "3g@0 2g@4 1g@6");
    assert_eq!(
        wasteful.leftover(),
        Leftover {
            idle_compute: 1,
            free_memory: 1,
            stranded_memory: 1,
            stranded: Bytes::from_mib(40_537).share(1, 8),
            promised: Bytes::from_mib(19_968 + 9_856 + 4_864),
        }
    );
}

#[test]
fn every_media_engine_leaves_room_for_instances_without_media_alone() {
    let used = layout("rtx-pro-6000-96gb", "1g.24gb+me.all@0");
    let free: Vec<String> = used.creatable().iter().map(ToString::to_string).collect();
    assert_eq!(free.join(", "), "1g.24gb-me@3, 1g.24gb-me@6, 2g.48gb-me@6, 1g.24gb-me@9");
}

#[test]
fn drawings() {
    assert_eq!(
        layout("H100-80GB", "3g@4 2g@2 1g@0").draw(),
        " 0       1       2       3       4       5       6       7\n\
         |1g.10gb|·      |2g.20gb        |3g.40gb                        |\n"
    );
    assert_eq!(
        layout("H100-80GB", "7x1g").draw(),
        " 0       1       2       3       4       5       6       7\n\
         |1g.10gb|1g.10gb|1g.10gb|1g.10gb|1g.10gb|1g.10gb|1g.10gb|×      |\n"
    );
    assert_eq!(layout("A30", "nothing").draw(), " 0  1  2  3\n|· |· |· |· |\n");
}

#[test]
fn a_wrong_layout_says_what_is_wrong() {
    assert_eq!(
        refused("A30", "1g@5x"),
        "layout of A30-24GB: found `1g@5x`, expected a profile, with a start as in `3g.40gb@4` or a count up to 32 as in `2x1g.10gb`"
    );
    assert_eq!(
        refused("A30", "3g"),
        "MIG profile: found `3g`, expected slices followed by `g.`, as in `3g.40gb`"
    );
    let problem = Layout::parse(gpu("A100-40GB"), "3g@2").unwrap_err();
    assert_eq!(problem.to_string(), "layout of A100-40GB: found `3g.20gb@2`, expected start 0 or 4");
    assert_eq!(problem.hint.as_deref(), Some("3g.20gb may start at 0, 4"));
    assert_eq!(
        refused("A100-40GB", "7g@0 1g@0"),
        "layout of A100-40GB: found `1g.5gb@0`, expected no such instance there: none is left"
    );
}

#[test]
fn what_is_printed_reads_back() {
    for layout in maximal(gpu("A100-40GB"), Set::All) {
        assert_eq!(Layout::parse(layout.gpu(), &layout.to_string()).as_ref(), Ok(&layout));
        assert_eq!(layout.creatable(), []);
    }
}
