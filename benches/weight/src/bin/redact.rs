//! Copies a log from standard input to standard output.

use std::{
    error::Error,
    io::{self, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let out = io::stdout().lock();
    #[cfg(feature = "hubseal")]
    let out = redactor()?.writer(out);
    pass_on(out)?;
    Ok(())
}

#[cfg(feature = "hubseal")]
fn redactor() -> Result<hubseal::redact::Redactor, Box<dyn Error>> {
    let rules = hubseal::redact::Redactor::builder();
    #[cfg(feature = "getrandom")]
    let rules = {
        use hubseal::redact::{PersonalData, PseudonymKey};
        rules.personal_data(PersonalData::Pseudonyms(PseudonymKey::random()?))
    };
    Ok(rules.build()?)
}

fn pass_on(mut out: impl Write) -> io::Result<()> {
    io::copy(&mut io::stdin().lock(), &mut out)?;
    out.flush()
}
