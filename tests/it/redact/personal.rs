//! Redaction of personal data in webhook bodies and in logs.

mod deliveries;
mod delivery;
mod hostile;
mod log_lines;
mod message_ids;
mod pseudonyms;

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};

/// From ranges reserved for fiction.
const PHONE_NUMBER: &str = "12125550142";
const OTHER_PHONE_NUMBER: &str = "442079460018";
const USER_ID: &str = "US.13491208655302741918";

/// A policy for personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Mask,
    Pseudonyms,
}

impl Policy {
    const ALL: [Self; 2] = [Self::Mask, Self::Pseudonyms];

    fn redactor(self) -> Redactor {
        let policy = match self {
            Self::Mask => PersonalData::Mask,
            Self::Pseudonyms => PersonalData::Pseudonyms(key()),
        };
        Redactor::builder().personal_data(policy).build().unwrap()
    }

    fn phone_number(self, digits: &str) -> String {
        match self {
            Self::Mask => marker("phone_number"),
            Self::Pseudonyms => key().phone_number(digits).unwrap(),
        }
    }

    /// Reads the pseudonym of a user id from a line that contains nothing else.
    fn user_id(self, id: &str) -> String {
        match self {
            Self::Mask => marker("user_id"),
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

#[track_caller]
fn assert_idempotent(redactor: &Redactor, redacted: &str) {
    assert_eq!(redactor.redact(redacted), redacted);
}
