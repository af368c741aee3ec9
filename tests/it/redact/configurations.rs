//! Redactor configurations for the comparison with the reference.

use std::{fmt, sync::LazyLock};

use hubseal::redact::{Alphabet, Family, PersonalData, PseudonymKey, Redactor};

use super::reference::Rules;

pub(super) struct Configuration {
    name: &'static str,
    pub(super) rules: Rules,
    pub(super) redactor: Redactor,
}

impl fmt::Debug for Configuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The same calls for both.
macro_rules! configuration {
    ($name:literal $(.$method:ident($($argument:expr),*))*) => {
        Configuration {
            name: $name,
            rules: Rules::default()$(.$method($($argument),*))*,
            redactor: Redactor::builder()$(.$method($($argument),*))*.build().unwrap(),
        }
    };
}

pub(super) const HEX: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
pub(super) const SPECIAL: &str = "pä ss\"w/o\\rd&=+?";
/// Begins with the one before.
const LONGER: &str = "pä ss\"w/o\\rd&=+? or more";
pub(super) const EMOJI: &str = "🔑 open sesame\t🔒";
/// Ends a value of a key, behind as much as is read to decide.
pub(super) const SENTENCE: &str = r"correct horse battery staple, and then some & C:\more";
/// These three begin with what an escape may end with, or seems to.
pub(super) const ROUTE: &str = "north-by-northwest";
pub(super) const CAKE: &str = "u00e9clairs";
pub(super) const BOAT: &str = "u-boat-northwest";
/// Much longer where it is escaped.
pub(super) const KEYBOARD: &str = "!#$%&()*,-.:;<=>?@[]^_{|}~";
/// Longer than what a rule looks ahead.
pub(super) const LONG: &str = "v1.0-Zm9v/YmFy+cXV4==.corge-grault_garply.waldo%20fred~plugh/xyzzy\
    .0123456789abcdef0123456789abcdef.thud-wibble_wobble.wubble+flob/0123456789";

pub(super) fn built_in() -> Configuration {
    configuration!("built-in")
}

pub(super) fn custom() -> Configuration {
    configuration!(
        "of your own"
            .register("app_secret", HEX)
            .register("password", SPECIAL)
            .register("session", LONG)
            .register("phrase", EMOJI)
            .register("sentence", SENTENCE)
            .register("route", ROUTE)
            .register("cake", CAKE)
            .register("boat", BOAT)
            .register("keyboard", KEYBOARD)
            .app_id(119_211_728_144_504)
            .app_id(350_685_531_728)
            .key("internal", "X-Internal-Key")
            .shape("live_key", "sk_live_", Alphabet::ALPHANUMERIC, 24)
            .shape("short_key", "$k-", Alphabet::HEXADECIMAL.and(b"-"), 9)
    )
}

pub(super) fn without_families() -> Configuration {
    configuration!(
        "without families"
            .without(Family::Bearer)
            .without(Family::Code)
            .without(Family::Cookie)
            .register("app_secret", HEX)
    )
}

pub(super) fn masked() -> Configuration {
    configuration!(
        "masked"
            .personal_data(PersonalData::Mask)
            .register("password", SPECIAL)
            .register("longer", LONGER)
    )
}

pub(super) fn last_two() -> Configuration {
    configuration!(
        "last two"
            .personal_data(PersonalData::LastTwo)
            .key("internal", "X-Internal-Key")
            .register("session", LONG)
    )
}

/// The key of all pseudonyms in these configurations.
pub(super) fn pseudonyms() -> PseudonymKey {
    PseudonymKey::new([7; 32]).unwrap()
}

pub(super) fn with_pseudonyms() -> Configuration {
    configuration!(
        "under pseudonyms"
            .personal_data(PersonalData::Pseudonyms(pseudonyms()))
            .register("phrase", EMOJI)
    )
}

pub(super) static ALL: LazyLock<[Configuration; 6]> = LazyLock::new(|| {
    [
        built_in(),
        custom(),
        without_families(),
        masked(),
        last_two(),
        with_pseudonyms(),
    ]
});
