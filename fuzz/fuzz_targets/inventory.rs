//! See `migfit_fuzz::targets::inventory`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    _ = migfit_fuzz::targets::inventory(data);
});
