#![no_main]

libfuzzer_sys::fuzz_target!(|input: hubseal_fuzz::body_verifier::Input| {
    hubseal_fuzz::body_verifier::check(input)
});
