//! See `migfit_fuzz::targets::request`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    _ = migfit_fuzz::targets::request(data);
});
