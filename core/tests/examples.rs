//! The examples say what they are there to show.
#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../examples/check_manifest.rs"]
#[expect(dead_code, reason = "its `main`")]
mod check_manifest;
#[path = "../examples/cut_gpus.rs"]
#[expect(dead_code, reason = "its `main`")]
mod cut_gpus;
#[path = "../examples/does_it_fit.rs"]
#[expect(dead_code, reason = "its `main`")]
mod does_it_fit;
#[path = "../examples/make_it_fit.rs"]
#[expect(dead_code, reason = "its `main`")]
mod make_it_fit;
#[path = "../examples/smallest_slice.rs"]
#[expect(dead_code, reason = "its `main`")]
mod smallest_slice;

#[test]
fn does_this_model_fit_that_slice() {
    assert_eq!(
        does_it_fit::answer().unwrap(),
        "H100-80GB 1g.20gb: no, 20.1 GiB of 17.9 GiB\n\
         \x20 4 sequences of 8,192 tokens need 4.0 GiB of cache, 1.8 GiB are left\n\
         H100-80GB 3g.40gb: yes, 20.1 GiB of 36.1 GiB\n"
    );
}

#[test]
fn which_is_the_smallest_slice() {
    assert_eq!(
        smallest_slice::answer().unwrap(),
        "H100-80GB: H100-80GB 1g.10gb, ask for nvidia.com/mig-1g.10gb\n\
         A30: A30-24GB 2g.12gb, ask for nvidia.com/mig-2g.12gb\n"
    );
}

#[test]
fn what_would_make_it_fit() {
    assert_eq!(
        make_it_fit::answer().unwrap(),
        "--max-num-seqs 16 and --kv-cache-dtype fp8: 553.2 MiB left\n\
         weights at 8 bits (fp8): 4.3 GiB left\n\
         weights at 4 bits (awq): 7.5 GiB left\n\
         --max-model-len 14848: 16.4 MiB left\n"
    );
}

#[test]
fn how_to_cut_gpus_for_these_models() {
    assert_eq!(
        cut_gpus::answer().unwrap(),
        "2 GPUs, at least 2 for any plan\n\
         node-a:0: 1g.10gb@0, 1g.10gb@1, 2g.20gb@2, 3g.40gb@4\n\
         node-a:1: 2g.20gb@0, 2g.20gb@2, 3g.40gb@4\n"
    );
}

#[test]
fn does_this_manifest_hold_its_model() {
    assert_eq!(
        check_manifest::answer().unwrap(),
        "does-not-fit: meta-llama/Llama-3.1-8B-Instruct needs 17.1 GiB, nvidia.com/mig-1g.10gb has 8.9 GiB usable: 8.3 GiB short\n\
         \x20 fix: weights at 4 bits (awq)\n\
         \x20 fix: ask for nvidia.com/mig-1g.20gb (17.9 GiB usable on H100-80GB 1g.20gb)\n"
    );
}
