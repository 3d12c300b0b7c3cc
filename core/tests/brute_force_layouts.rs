//! Layouts counted by exhaustion, apart from the library's search: it reads the tables and nothing
//! else. Small sets by all 2^n subsets of placements; large ones by choosing, for every slice, what
//! starts there or nothing. Maximal are those of which no other contains one instance more.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use migfit::gpu::layout::{Set, layouts, maximal};
use migfit::gpu::{Extra, Gpu, find};

/// Row of the table and start.
type Cut = BTreeSet<(usize, u8)>;

fn placements(gpu: &Gpu, rows: &[usize]) -> Vec<(usize, u8)> {
    let of =
        |row: &usize| gpu.profiles[*row].placements.starts.iter().map(|s| (*row, *s)).collect::<Vec<_>>();
    rows.iter().flat_map(of).collect()
}

/// The rules, each checked on the whole cut at once.
fn legal(gpu: &Gpu, cut: &Cut) -> bool {
    let mut slices = vec![0; usize::from(gpu.memory_slices)];
    for (row, start) in cut {
        let size = gpu.profiles[*row].placements.size;
        for slice in *start..start + size {
            slices[usize::from(slice)] += 1;
        }
    }
    let total = |of: fn(&migfit::gpu::Profile) -> u8| -> u32 {
        cut.iter().map(|(row, _)| u32::from(of(&gpu.profiles[*row]))).sum()
    };
    let most = |row: usize| cut.iter().filter(|(other, _)| *other == row).count();
    slices.iter().all(|count| *count <= 1)
        && cut.iter().all(|(row, _)| most(*row) <= usize::from(gpu.profiles[*row].max_instances))
        && total(|p| p.compute_slices) <= gpu.compute_slices.into()
        && total(|p| p.engines.copy.unwrap_or(0)) <= gpu.engines.copy.unwrap_or(u8::MAX).into()
        && total(|p| p.engines.decoders) <= gpu.engines.decoders.into()
        && total(|p| p.engines.encoders) <= gpu.engines.encoders.into()
        && total(|p| p.engines.jpeg) <= gpu.engines.jpeg.into()
        && total(|p| p.engines.ofa) <= gpu.engines.ofa.into()
}

fn by_subsets(gpu: &Gpu, rows: &[usize]) -> BTreeSet<Cut> {
    let all = placements(gpu, rows);
    assert!(all.len() <= 18, "too many for 2^n");
    let subset =
        |bits: u32| all.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, p)| *p).collect();
    (0..1 << all.len()).map(subset).filter(|cut| legal(gpu, cut)).collect()
}

fn by_slices(gpu: &Gpu, rows: &[usize]) -> BTreeSet<Cut> {
    let all = placements(gpu, rows);
    let mut cuts: Vec<Cut> = vec![Cut::new()];
    for slice in 0..gpu.memory_slices {
        let here: Vec<(usize, u8)> = all.iter().filter(|(_, start)| *start == slice).copied().collect();
        let mut next = cuts.clone();
        for cut in &cuts {
            next.extend(here.iter().map(|place| cut.iter().chain([place]).copied().collect()));
        }
        cuts = next;
    }
    cuts.into_iter().filter(|cut| legal(gpu, cut)).collect()
}

fn maximal_of(valid: &BTreeSet<Cut>, all: &[(usize, u8)]) -> BTreeSet<Cut> {
    let grows = |cut: &Cut| {
        all.iter().any(|place| {
            let mut larger = cut.clone();
            larger.insert(*place) && valid.contains(&larger)
        })
    };
    valid.iter().filter(|cut| !grows(cut)).cloned().collect()
}

fn rows(gpu: &Gpu, wanted: &[&str]) -> Vec<usize> {
    let named = |name: &&str| gpu.profiles.iter().position(|p| p.name.to_string() == **name).unwrap();
    wanted.iter().map(named).collect()
}

fn library(gpu: &Gpu, set: Set) -> (BTreeSet<Cut>, BTreeSet<Cut>) {
    let row = |name| gpu.profiles.iter().position(|p| p.name == name).unwrap();
    let cut = |layout: &migfit::gpu::layout::Layout<'_>| {
        layout.instances().iter().map(|i| (row(i.profile.name), i.start)).collect()
    };
    (layouts(gpu, set).iter().map(cut).collect(), maximal(gpu, set).iter().map(cut).collect())
}

fn assert_counts(key: &str, set: Set, names: &[&str], valid: usize, most: usize) {
    let gpu = find(key).unwrap();
    let rows = rows(gpu, names);
    let all = placements(gpu, &rows);
    let brute = by_slices(gpu, &rows);
    if all.len() <= 18 {
        assert_eq!(brute, by_subsets(gpu, &rows), "{key} {set:?}");
    }
    let brute_maximal = maximal_of(&brute, &all);
    assert_eq!((brute.len(), brute_maximal.len()), (valid, most), "{key} {set:?}");
    let (own, own_maximal) = library(gpu, set);
    assert_eq!(own, brute, "{key} {set:?}");
    assert_eq!(own_maximal, brute_maximal, "{key} {set:?}");
    assert_eq!(layouts(gpu, set).len(), valid, "{key} {set:?}: every layout once");
    assert_eq!(maximal(gpu, set).len(), most, "{key} {set:?}: every maximal layout once");
}

#[test]
fn a100_40gb() {
    let classic = ["1g.5gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"];
    assert_counts("a100-40gb", Set::Classic, &classic, 298, 19);
    let plain = [classic.as_slice(), &["1g.10gb"]].concat();
    assert_counts("a100-40gb", Set::Plain, &plain, 723, 78);
    assert_counts("a100-40gb", Set::All, &[plain.as_slice(), &["1g.5gb+me"]].concat(), 2319, 239);
}

#[test]
fn a30_24gb() {
    let classic = ["1g.6gb", "2g.12gb", "4g.24gb"];
    assert_counts("a30-24gb", Set::Classic, &classic, 26, 5);
    let all = [classic.as_slice(), &["1g.6gb+me", "2g.12gb+me"]].concat();
    assert_counts("a30-24gb", Set::All, &all, 76, 17);
}

#[test]
fn rtx_pro() {
    assert_counts("rtx-pro-6000-96gb", Set::Classic, &["1g.24gb", "2g.48gb", "4g.96gb"], 26, 5);
    for (key, valid, most) in
        [("rtx-pro-6000-96gb", 717, 302), ("rtx-pro-5000-48gb", 30, 19), ("rtx-pro-4500-32gb", 22, 13)]
    {
        let names: Vec<String> = find(key).unwrap().profiles.iter().map(|p| p.name.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_counts(key, Set::All, &names, valid, most);
    }
    assert_counts("rtx-pro-5000-48gb", Set::Classic, &["1g.24gb", "2g.48gb"], 5, 2);
    assert_counts("rtx-pro-4500-32gb", Set::Classic, &["1g.16gb", "2g.32gb"], 5, 2);
}

/// Every card of eight memory slices has the same layouts, whatever its profiles are called.
#[test]
fn every_card_of_eight_slices() {
    let mut cards = 0;
    for gpu in migfit::gpu::catalog().iter().filter(|gpu| gpu.memory_slices == 8) {
        let count = |set| (layouts(gpu, set).len(), maximal(gpu, set).len());
        assert_eq!(count(Set::Classic), (298, 19), "{}", gpu.key);
        assert_eq!(count(Set::Plain), (723, 78), "{}", gpu.key);
        assert_eq!(count(Set::All), (2319, 239), "{}", gpu.key);
        assert_eq!(gpu.profiles.iter().filter(|p| p.name.extra == Extra::Media).count(), 1);
        cards += 1;
    }
    assert_eq!(cards, 17);
}
