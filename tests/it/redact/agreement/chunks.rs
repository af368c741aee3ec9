//! Chunking does not change the result.

use hubseal::redact::Scrubber;
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{Checked, Configuration, configuration, fast, readable, same, texts::text};

/// Pushed piece by piece, cut at `cuts`.
fn redacting_in_pieces_is_the_same(
    configuration: &Configuration,
    text: &[u8],
    cuts: &[usize],
) -> Checked {
    let whole = fast(configuration, text);
    let mut scrubber = configuration.redactor.scrubber();
    let mut redacted = Vec::new();
    let ends = cuts.iter().copied().chain([text.len()]);
    let mut start = 0;
    for end in ends {
        scrubber.push(&text[start..end], &mut redacted);
        start = end;
        prop_assert!(scrubber.held() <= Scrubber::MAX_HELD, "{}", scrubber.held());
        prop_assert!(
            whole.starts_with(&redacted),
            "of {} cut at {cuts:?}\n  came {}\nbefore {}",
            readable(text),
            readable(&redacted),
            readable(&whole)
        );
    }
    scrubber.finish(&mut redacted);
    prop_assert_eq!(scrubber.held(), 0);
    same(&redacted, &whole, text)
}

proptest! {
    #![proptest_config(crate::properties::with_cases_divided_by(4))]

    #[test]
    fn scrubber_fed_two_chunks_matches_whole_text(configuration in configuration(), text in text()) {
        for cut in 0..=text.len() {
            redacting_in_pieces_is_the_same(configuration, &text, &[cut])?;
        }
    }
}

proptest! {
    #[test]
    fn scrubber_fed_byte_by_byte_matches_whole_text(configuration in configuration(), text in text()) {
        let cuts: Vec<usize> = (0..text.len()).collect();
        redacting_in_pieces_is_the_same(configuration, &text, &cuts)?;
    }

    #[test]
    fn scrubber_fed_random_chunks_matches_whole_text(
        configuration in configuration(),
        text in text(),
        cuts in vec(any::<Index>(), 0..8),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.sort_unstable();
        redacting_in_pieces_is_the_same(configuration, &text, &cuts)?;
    }

    #[test]
    fn finished_scrubber_can_be_reused(
        configuration in configuration(),
        texts in [text(), text()],
    ) {
        let mut scrubber = configuration.redactor.scrubber();
        for text in &texts {
            let mut redacted = Vec::new();
            scrubber.push(text, &mut redacted);
            scrubber.finish(&mut redacted);
            same(&redacted, &fast(configuration, text), text)?;
        }
    }
}
