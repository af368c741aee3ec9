//! `hubseal secret check`.

use std::fs;

use crate::common::{SECRET, TOKEN, bare, hubseal, parts, run};

/// Checks a secret and a token in variables. Asserts that the output contains neither.
fn check(secret: &str, token: &str) -> (i32, String) {
    let mut command = bare();
    command
        .env("APP_SECRET", secret)
        .env("VERIFY_TOKEN", token)
        .args(["secret", "check"]);
    let (status, output, errors) = parts(&run(&mut command, b""));
    assert_eq!(errors, "");
    for value in [secret, token] {
        assert!(value.is_empty() || !output.contains(value), "{output}");
    }
    (status, output)
}

#[test]
fn accepts_valid_secrets() {
    let (status, output) = check(SECRET, TOKEN);
    assert_eq!(status, 0);
    assert_eq!(
        output,
        "ok       variable APP_SECRET: the app secret has a valid form\n\
         ok       variable VERIFY_TOKEN: the verify token has a valid form\n",
    );
}

#[test]
fn names_each_mistake_and_its_remedy() {
    for (secret, message) in [
        (
            format!("\"{SECRET}\""),
            "APP_SECRET is wrapped in quotes; remove them",
        ),
        (
            format!("APP_SECRET={SECRET}"),
            "APP_SECRET starts with a variable name; remove",
        ),
        (
            format!("{SECRET} "),
            "APP_SECRET starts or ends with white space; remove it",
        ),
        (
            "<your-app-secret>".to_owned(),
            "APP_SECRET is a placeholder; replace it",
        ),
        (
            SECRET.to_uppercase(),
            "APP_SECRET is not 32 lower-case hexadecimal digits",
        ),
        (
            String::new(),
            "APP_SECRET is empty; set it to the real value",
        ),
    ] {
        let (status, output) = check(&secret, TOKEN);
        assert_eq!(status, 1, "{message}");
        assert!(
            output.contains(&format!("problem  {message}")),
            "{message}: {output}"
        );
    }
    let (status, output, _) = parts(&run(bare().args(["secret", "check"]), b""));
    assert_eq!(status, 1);
    assert!(
        output.contains("VERIFY_TOKEN is not set; set this environment variable"),
        "{output}"
    );
}

#[test]
fn finds_swapped_and_equal_values() {
    let (status, output) = check(TOKEN, SECRET);
    assert_eq!(status, 1);
    assert!(output.contains("are swapped; exchange them"), "{output}");
    let (status, output) = check(SECRET, SECRET);
    assert_eq!(status, 1);
    assert!(
        output.contains("are equal; choose another verify token"),
        "{output}"
    );
}

#[test]
fn warns_of_a_short_verify_token() {
    let (status, output) = check(SECRET, "kangaroo");
    assert_eq!(status, 0);
    assert!(
        output.contains("warning  variable VERIFY_TOKEN: the verify token has fewer than 16"),
        "{output}"
    );
}

#[cfg(unix)]
#[test]
fn judges_the_permissions_of_files() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app_secret");
    fs::write(&path, SECRET).unwrap();
    let check = |mode| {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let mut command = hubseal();
        let (status, output, _) = parts(&run(
            command
                .args(["secret", "check", "--secret-file"])
                .arg(&path),
            b"",
        ));
        (
            status,
            output.contains("run chmod go-w"),
            output.contains("run chmod o-r"),
        )
    };
    assert_eq!(check(0o600), (0, false, false));
    assert_eq!(check(0o640), (0, false, false));
    assert_eq!(check(0o644), (0, false, true));
    assert_eq!(check(0o660), (1, true, false));
    assert_eq!(check(0o666), (1, true, true));
}
