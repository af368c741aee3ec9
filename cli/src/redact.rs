//! `hubseal redact`: redacts standard input, line by line.

use std::io::{self, Read, Write};

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};

use crate::{
    Result,
    arguments::{PersonalDataPolicy, Redact},
    secrets::Source,
};

pub(crate) fn run(arguments: &Redact) -> Result<bool> {
    let mut writer = redactor(arguments)?.writer(io::stdout().lock());
    let mut input = io::stdin().lock();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        // Standard output passes complete lines on at once.
        writer.write_all(buffer.get(..count).unwrap_or_default())?;
    }
    writer.finish()?.flush()?;
    Ok(true)
}

fn redactor(arguments: &Redact) -> Result<Redactor> {
    let mut builder = Redactor::builder();
    for secret in arguments.secrets.load_if_there()? {
        builder = builder.app_secret(&secret);
    }
    if let Some(token) = arguments.token.load_if_there()? {
        builder = builder.verify_token(&token);
    }
    let policy = match (arguments.personal_data, &arguments.pseudonym_key_file) {
        (PersonalDataPolicy::Off, None) => None,
        (PersonalDataPolicy::Mask, None) => Some(PersonalData::Mask),
        (PersonalDataPolicy::Pseudonym, None) => {
            Some(PersonalData::Pseudonyms(PseudonymKey::random()?))
        }
        (PersonalDataPolicy::Pseudonym, Some(path)) => {
            let key = PseudonymKey::new(&*Source::File(path.clone()).raw()?)?;
            Some(PersonalData::Pseudonyms(key))
        }
        (_, Some(_)) => return Err("--pseudonym-key-file needs --personal-data pseudonym".into()),
    };
    if let Some(policy) = policy {
        builder = builder.personal_data(policy);
    }
    Ok(builder.build()?)
}
