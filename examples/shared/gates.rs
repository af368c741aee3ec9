//! Gates: an allow-list of sources and a limit for failed requests, also behind trusted proxies.

use std::{env, fs, path::PathBuf};

use hubseal::{
    EndpointBuilder,
    edge::{AllowList, ClientAddress, FailureLimit},
};

use super::optional;

/// Reads `TRUSTED_PROXIES`, `ALLOW_SOURCES`, `ALLOW_MODE` and `FAILURE_LIMIT`.
pub(super) fn from_env(
    mut endpoint: EndpointBuilder,
) -> Result<(Option<AllowFile>, EndpointBuilder), String> {
    if let Some(proxies) = optional::<String>("TRUSTED_PROXIES")? {
        let client_address = ClientAddress::behind_proxies(&proxies)
            .map_err(|problem| format!("TRUSTED_PROXIES: {problem}"))?;
        endpoint = endpoint.client_address(client_address);
    }
    if let Some(failures) = optional("FAILURE_LIMIT")? {
        endpoint = endpoint.failure_limit(FailureLimit::per_minute(failures));
    }
    let file = AllowFile::from_env()?;
    if let Some(AllowFile { list, .. }) = &file {
        endpoint = endpoint.allow_list(list.clone());
    }
    Ok((file, endpoint))
}

/// An allow-list and its file.
#[derive(Clone)]
pub(crate) struct AllowFile {
    path: PathBuf,
    list: AllowList,
}

impl AllowFile {
    fn from_env() -> Result<Option<Self>, String> {
        let mode: Option<String> = optional("ALLOW_MODE")?;
        let Some(path) = env::var_os("ALLOW_SOURCES").map(PathBuf::from) else {
            return match mode {
                Some(_) => {
                    Err("ALLOW_MODE: there is no list; set ALLOW_SOURCES to its file".into())
                }
                None => Ok(None),
            };
        };
        let list = AllowList::parse(&read(&path)?).map_err(|problem| refused(&problem))?;
        let list = match mode.as_deref() {
            None | Some("enforce") => list,
            Some("report") => list.report_only(),
            Some(_) => return Err("ALLOW_MODE: expected `enforce` or `report`".into()),
        };
        Ok(Some(Self { path, list }))
    }

    /// Reads the file again. If it is refused, the list stays unchanged.
    pub(super) fn reload(&self) -> Result<(), String> {
        let text = read(&self.path)?;
        self.list
            .replace(&text)
            .map_err(|problem| refused(&problem))
    }
}

fn read(path: &PathBuf) -> Result<String, String> {
    fs::read_to_string(path)
        .map_err(|problem| format!("ALLOW_SOURCES: cannot read {}: {problem}", path.display()))
}

fn refused(problem: &impl std::fmt::Display) -> String {
    format!("ALLOW_SOURCES: {problem}")
}
