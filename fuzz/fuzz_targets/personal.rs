#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| hubseal_fuzz::personal::check(input));
