//! The example with client certificates, a crate of its own.

use std::process::{Command, Output};

/// Builds the example first, if necessary.
fn run(settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "mtls"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("MTLS_ADDR")
        .env_remove("MTLS_CERT")
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn accepts_only_the_exact_name_from_the_trusted_ca() {
    let output = run(&[]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{table}");
    let result = |client: &str| {
        // Two spaces, because one label is the start of another.
        let (mark, result) = table
            .lines()
            .filter_map(|line| line.strip_prefix(client))
            .find(|rest| rest.starts_with("  "))
            .and_then(|rest| rest.trim_start().split_once(' '))
            .unwrap_or_else(|| panic!("no row for {client}:\n{table}"));
        assert_eq!(mark, "ok", "{client}");
        result.trim_start().to_owned()
    };
    assert_eq!(result("Meta's name"), "200 OK");
    assert_eq!(result("Meta's name, second connection"), "200 OK");
    // The certificate does not replace the signature.
    assert_eq!(result("Meta's name, unsigned"), "401 Unauthorized");
    for client in [
        "longer name",
        "name that ends with Meta's name",
        "Meta's name in upper case",
        "wildcard name",
        "empty name",
        "Meta's name inside another field",
        "Meta's name as alternative name only",
        "second common name",
        "Meta's name, another CA",
        "Meta's name, expired",
        "Meta's name, for servers only",
        "none",
        "none, but a header has Meta's name",
    ] {
        let result = result(client);
        assert!(result.starts_with("refused: "), "{client}: {result}");
    }
}

#[test]
fn client_certificate_server_names_the_bad_setting() {
    let address = ("MTLS_ADDR", "127.0.0.1:0");
    for (settings, problem) in [
        (vec![("MTLS_ADDR", "localhost")], "MTLS_ADDR: "),
        (vec![address], "MTLS_CERT: "),
        (vec![address, ("MTLS_CERT", "/no/such/file")], "MTLS_CERT: "),
        (
            vec![address, ("MTLS_CERT", "Cargo.toml")],
            "MTLS_CERT: the file has no such PEM section",
        ),
    ] {
        let output = run(&settings);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(problem), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
