//! `cargo bench -p migfit --bench layouts`: all layouts of one card in under a millisecond, what
//! still goes into a partly used card in microseconds.
#![allow(clippy::expect_used, reason = "a benchmark of a wrong input must not run")]

use divan::{Bencher, black_box};
use migfit::gpu::layout::{Layout, Set, layouts, maximal};
use migfit::gpu::{Gpu, find};

const CARDS: [&str; 3] = ["a100-40gb", "a30-24gb", "rtx-pro-6000-96gb"];

fn main() {
    divan::main();
}

fn gpu(key: &str) -> &'static Gpu {
    find(key).expect("a key of the catalog")
}

fn layout(key: &str, text: &str) -> Layout<'static> {
    Layout::parse(gpu(key), text).expect("a legal layout")
}

#[divan::bench(args = CARDS)]
fn every_layout(key: &str) -> usize {
    layouts(gpu(key), Set::All).len()
}

#[divan::bench(args = CARDS)]
fn maximal_layouts(key: &str) -> usize {
    maximal(gpu(key), Set::All).len()
}

#[divan::bench]
fn what_still_goes_in(bencher: Bencher<'_, '_>) {
    let used = layout("a100-40gb", "3g@0 1g@4");
    bencher.bench(|| black_box(&used).creatable());
}

#[divan::bench]
fn a_place_for_three_more(bencher: Bencher<'_, '_>) {
    let used = layout("h100-80gb-sxm", "1g@6");
    let profile = |name: &str| used.gpu().profile(name.parse().expect("a name")).expect("a profile");
    let wanted = [profile("3g.40gb"), profile("1g.10gb"), profile("1g.10gb")];
    bencher.bench(|| black_box(&used).place(&wanted));
}

#[divan::bench]
fn catalog_lookup() -> bool {
    find(black_box("NVIDIA-H100-80GB-HBM3")).is_ok()
}
