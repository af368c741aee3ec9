//! Redaction, compared with the reference implementation for every chunking of the text.
//!
//! The first byte selects the rules, the second one the chunk size.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tests::check(input));

/// The reference implementation and the configurations of the integration tests.
#[path = "../../tests/it/redact"]
mod tests {
    #[allow(dead_code, reason = "the tests use more of it")]
    mod configurations;
    #[allow(dead_code, reason = "the tests use more of it")]
    mod reference;

    use hubseal::redact::Scrubber;

    /// Limits the input, because the reference implementation is slow.
    const MAX_TEXT: usize = 1024;

    pub(super) fn check(input: &[u8]) {
        let [rules, cut, text @ ..] = input else {
            return;
        };
        let text = &text[..text.len().min(MAX_TEXT)];
        let all = &*configurations::ALL;
        let configuration = &all[usize::from(*rules) % all.len()];
        let shown = String::from_utf8_lossy;

        let redacted = configuration.redactor.redact_bytes(text).into_owned();
        let expected = configuration.rules.redact(text);
        assert!(
            redacted == expected,
            "{configuration:?}: of {:?} became\n{:?}, and not\n{:?}",
            shown(text),
            shown(&redacted),
            shown(&expected),
        );

        let mut scrubber = configuration.redactor.scrubber();
        let mut in_chunks = Vec::new();
        for chunk in text.chunks(usize::from(cut % 64) + 1) {
            scrubber.push(chunk, &mut in_chunks);
            assert!(scrubber.held() <= Scrubber::MAX_HELD);
            assert!(redacted.starts_with(&in_chunks));
        }
        scrubber.finish(&mut in_chunks);
        assert!(in_chunks == redacted, "chunking changed the result");

        if str::from_utf8(text).is_ok() {
            assert!(str::from_utf8(&redacted).is_ok());
        }
        if serde_json::from_slice::<serde_json::Value>(text).is_ok() {
            let json = serde_json::from_slice::<serde_json::Value>(&redacted);
            assert!(json.is_ok(), "JSON became {:?}", shown(&redacted));
        }
    }
}
