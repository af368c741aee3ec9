//! Redaction of personal data in webhook bodies and in logs.

mod deliveries;
mod delivery;
mod hostile;
mod log_lines;
mod message_ids;
mod properties;
mod pseudonyms;

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};

/// Of the numbers that are kept for fiction.
const PHONE_NUMBER: &str = "12125550142";
const OTHER_PHONE_NUMBER: &str = "442079460018";
const USER_ID: &str = "US.13491208655302741918";

/// What may become of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Mask,
    LastTwo,
    Pseudonyms,
}

impl Policy {
    const ALL: [Self; 3] = [Self::Mask, Self::LastTwo, Self::Pseudonyms];

    fn redactor(self) -> Redactor {
        let policy = match self {
            Self::Mask => PersonalData::Mask,
            Self::LastTwo => PersonalData::LastTwo,
            Self::Pseudonyms => PersonalData::Pseudonyms(key()),
        };
        Redactor::builder().personal_data(policy).build().unwrap()
    }

    fn phone_number(self, digits: &str) -> String {
        match self {
            Self::Mask => marker("phone_number"),
            Self::LastTwo => marker(&format!("phone_number:{}", &digits[digits.len() - 2..])),
            Self::Pseudonyms => key().phone_number(digits).unwrap(),
        }
    }

    /// Its pseudonym is known from where it stands alone; what that is, `pseudonyms` says.
    fn user_id(self, id: &str) -> String {
        match self {
            Self::Mask | Self::LastTwo => marker("user_id"),
            Self::Pseudonyms => {
                let alone = format!("user_id={id}");
                let pseudonym = self.redactor().redact(&alone).replace("user_id=", "");
                assert!(pseudonym.starts_with("user:"), "{pseudonym}");
                pseudonym
            }
        }
    }
}

fn key() -> PseudonymKey {
    PseudonymKey::new("a key that no log of the tests holds").unwrap()
}

fn marker(label: &str) -> String {
    format!("[redacted:{label}]")
}

/// Every way of cutting the text in two, and byte by byte.
#[track_caller]
fn assert_pieces_make_no_difference(redactor: &Redactor, text: &str) {
    let whole = redactor.redact(text);
    let bytes = text.as_bytes();
    let mut scrubber = redactor.scrubber();
    let mut out = Vec::new();
    let halves = (0..=bytes.len()).map(|offset| {
        let (before, after) = bytes.split_at(offset);
        vec![before, after]
    });
    for pieces in halves.chain([bytes.chunks(1).collect()]) {
        out.clear();
        for piece in &pieces {
            scrubber.push(piece, &mut out);
        }
        scrubber.finish(&mut out);
        let cut = pieces[0].len();
        assert!(
            out == whole.as_bytes(),
            "cut behind {cut} bytes\n     of {text}\n   into {}\n  whole {whole}",
            String::from_utf8_lossy(&out)
        );
    }
}

/// What is redacted already stays as it is.
#[track_caller]
fn assert_idempotent(redactor: &Redactor, redacted: &str) {
    assert_eq!(redactor.redact(redacted), redacted);
}
