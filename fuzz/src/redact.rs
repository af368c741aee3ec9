//! Redaction: what the definition says, however the text is cut.
//!
//! The first byte of the input picks the rules, the second how the text is cut.

pub use self::beside::check;

/// Beside the slow implementation and the rules that the tests compare it by.
#[path = "../../tests/it/redact"]
mod beside {
    #[allow(dead_code, reason = "the tests use more of it")]
    mod configurations;
    #[allow(dead_code, reason = "the tests use more of it")]
    mod reference;

    use hubseal::redact::Scrubber;

    /// The slow implementation takes its time.
    const MAX_TEXT: usize = 1024;

    pub fn check(input: &[u8]) {
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
        let mut in_pieces = Vec::new();
        for piece in text.chunks(usize::from(cut % 64) + 1) {
            scrubber.push(piece, &mut in_pieces);
            assert!(scrubber.held() <= Scrubber::MAX_HELD);
            assert!(redacted.starts_with(&in_pieces));
        }
        scrubber.finish(&mut in_pieces);
        assert!(in_pieces == redacted, "it matters how the text is cut");

        if str::from_utf8(text).is_ok() {
            assert!(str::from_utf8(&redacted).is_ok());
        }
        if serde_json::from_slice::<serde_json::Value>(text).is_ok() {
            let json = serde_json::from_slice::<serde_json::Value>(&redacted);
            assert!(json.is_ok(), "JSON became {:?}", shown(&redacted));
        }
    }
}
