#![no_main]

libfuzzer_sys::fuzz_target!(
    |input: hubseal_fuzz::intake::Input| hubseal_fuzz::intake::check(input)
);
