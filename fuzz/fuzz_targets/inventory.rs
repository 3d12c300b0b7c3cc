//! See `migfit_fuzz::targets::inventory`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| migfit_fuzz::targets::inventory(data));
