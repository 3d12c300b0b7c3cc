//! See `migfit_fuzz::targets::workload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    _ = migfit_fuzz::targets::workload(data);
});
