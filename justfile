# Every stage of the gate, and what a contributor runs. `just` lists the recipes.
#
# Each recipe installs its own tools through scripts/tool, which needs Debian and root for some.

set quiet
set positional-arguments

export CARGO_TARGET_DIR := absolute_path(env("CARGO_TARGET_DIR", "target"))
# scripts/tool puts redis-server and nginx there, which the tests look for.
debian-tools := CARGO_TARGET_DIR / "debian-tools/usr"
export PATH := env("PATH") + ":" + debian-tools / "bin:" + debian-tools / "sbin"
# Unstable options of rustdoc only; in the environment, RUSTC_BOOTSTRAP would rebuild the dependencies.
unstable-rustdoc := justfile_directory() / "scripts/unstable-rustdoc"
# Many tests wait for a deadline, so more of them can run at once than there are processors.
test-threads := env("RUST_TEST_THREADS", "4")

# List the recipes.
default:
    just --list --unsorted

# Check what a contributor has changed: needs Rust and nothing else.
[group("everyday")]
check: format lint-library test docs

# Run all tests, and the examples in the documentation.
[group("everyday")]
test *arguments:
    RUST_TEST_THREADS={{ test-threads }} cargo test --locked --all-features "$@"

# Lint the library, its tests and its examples.
[group("everyday")]
lint-library:
    cargo clippy --locked --all-targets --all-features -- -D warnings
    cargo clippy --locked --lib --no-default-features -- -D warnings
    cargo clippy --locked --lib -- -D warnings

# Format all Rust code.
[group("everyday")]
fmt:
    cargo fmt --all
    cargo fmt --manifest-path tests/no-std/Cargo.toml

# Run stages of the gate; all of them unless some are named.
[group("everyday")]
gate *stages:
    .ci/run "$@"

# Check that all Rust code is formatted.
[group("gate")]
format:
    cargo fmt --all --check
    cargo fmt --check --manifest-path tests/no-std/Cargo.toml

# Check the spelling, which is British, and the form of TOML files. Exceptions are in _typos.toml.
[group("gate")]
text:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/tool typos taplo
    tools=$CARGO_TARGET_DIR/python-tools/bin
    "$tools/typos"
    git ls-files -z '*.toml' | RUST_LOG=error xargs -0 "$tools/taplo" fmt --check --diff
    echo "spelling and TOML: no mistake found"

# Check every shell script with shellcheck, the recipes of this file included.
[group("gate")]
shell:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/tool shellcheck
    mapfile -t files < <(git grep -l -e '^#!.*bash$' -e '^#!.*/sh$')
    # A program for awk is in single quotes, and its $ are its own.
    shellcheck --exclude=SC2016 "${files[@]}"
    recipes=$(mktemp -d)
    trap 'rm -r "$recipes"' EXIT
    {{ just_executable() }} --dump --dump-format json | python3 -c '
    import json, pathlib, sys
    for name, recipe in json.load(sys.stdin)["recipes"].items():
        if recipe["shebang"]:
            # An interpolation becomes a word.
            lines = ["".join(part if isinstance(part, str) else "word" for part in line)
                     for line in recipe["body"]]
            pathlib.Path(sys.argv[1], name).write_text("\n".join(lines) + "\n")
    ' "$recipes"
    shellcheck --exclude=SC2016 "$recipes"/*
    echo "${#files[@]} scripts and $(find "$recipes" -type f | wc -l) recipes: no mistake found"

# Count the crates that each feature brings, and compare with the documents. `--update` measures builds too.
[group("gate")]
weight *arguments:
    scripts/weight "$@"

# Check the list of files that would be published.
[group("gate")]
package:
    #!/usr/bin/env bash
    set -euo pipefail
    files=$(cargo package --locked --no-verify --allow-dirty --list)
    failed=0
    for file in CHANGELOG.md LICENSE-APACHE LICENSE-MIT README.md src/lib.rs; do
        if ! grep -qxF "$file" <<<"$files"; then
            echo "not in the package: $file" >&2
            failed=1
        fi
    done
    if grep -E '^(\.|benches/|fuzz/|scripts/|target/|tests/)' <<<"$files" | grep -vxF .cargo_vcs_info.json; then
        echo "these files do not belong in the package" >&2
        failed=1
    fi
    [ "$failed" -eq 0 ] && echo "$(wc -l <<<"$files") files"
    exit "$failed"

# Lint everything with Clippy; a warning is an error.
[group("gate")]
lint: lint-library
    #!/usr/bin/env bash
    set -euo pipefail
    # The benchmarks compare with OpenSSL.
    scripts/tool libssl-dev cc c++
    cargo clippy --locked --workspace --exclude hubseal --all-targets --all-features -- -D warnings
    # A test harness would bring the standard library.
    cargo clippy --locked --manifest-path tests/no-std/Cargo.toml -- -D warnings

# Build the documentation as docs.rs does; a warning is an error.
[group("gate")]
docs:
    RUSTDOC={{ unstable-rustdoc }} RUSTDOCFLAGS="--cfg hubseal_docs -D warnings" \
        cargo doc --locked --no-deps --all-features

# Compare the public API with docs/public-api.txt. `--update` writes the file.
[group("gate")]
public-api *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/tool cargo-public-api
    listing=docs/public-api.txt
    # Derives are listed, because a secret must not get a `Debug`. What the compiler implements is not.
    # By itself cargo-public-api looks for a nightly compiler.
    RUSTDOC={{ unstable-rustdoc }} cargo rustdoc --quiet --locked --lib --all-features -- \
        -Z unstable-options --output-format json --cap-lints warn
    current=$(cargo public-api --rustdoc-json "$CARGO_TARGET_DIR/doc/hubseal.json" \
        --omit blanket-impls,auto-trait-impls)
    [ -n "$current" ] || { echo "cargo public-api has listed nothing" >&2; exit 1; }
    if [ "${1:-}" = --update ]; then
        printf '%s\n' "$current" >"$listing"
    elif ! diff --unified=0 "$listing" - <<<"$current"; then
        echo "the public API differs from $listing; for an intended change: just public-api --update" >&2
        exit 1
    fi
    echo "$(wc -l <"$listing") lines of public API"

# Check that the API is compatible with the last release, or with the revision SEMVER_BASELINE.
[group("gate")]
semver:
    #!/usr/bin/env bash
    set -euo pipefail
    baseline=${SEMVER_BASELINE:-$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)}
    if [ -z "$baseline" ]; then
        # The version of Cargo.toml may be the one that is about to get its tag.
        version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
        if grep -E '^## \[?v?[0-9]' CHANGELOG.md | grep -vi unreleased | grep -vF "[$version]"; then
            echo "this release has no tag here: git fetch --tags --unshallow, or set SEMVER_BASELINE" >&2
            exit 1
        fi
        echo "nothing has been released, so nothing can be broken; just public-api watches the API"
        exit
    fi
    scripts/tool cargo-semver-checks
    echo "since $baseline"
    cargo semver-checks --package hubseal --baseline-rev "$baseline" --all-features

# Check the use, licences, sources and versions of dependencies. Advisories are not looked at.
[group("gate")]
dependencies:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/tool cargo-deny
    deny() {
        cargo deny --log-level error --locked --all-features "$@"
    }
    scripts/unused-dependencies
    deny check --allow duplicate licenses bans sources
    # The library brings no crate in two versions, except with `actix`.
    deny --exclude-dev --exclude actix-web check bans
    deny --workspace check licenses sources
    deny --manifest-path tests/no-std/Cargo.toml check licenses sources
    echo "advisories: NOT CHECKED, because the registries do not hold their database"

# Compile the library with no feature, each feature and each pair; run documentation with few features.
[group("gate")]
features:
    scripts/features

# Compile the library with the lowest versions that Cargo.toml allows, and run the core's examples.
[group("gate")]
minimal-versions:
    #!/usr/bin/env bash
    set -euo pipefail
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/minimal-versions
    copy=$CARGO_TARGET_DIR/tree
    rm -rf "$copy"
    mkdir -p "$copy"
    cp --parents -r Cargo.lock README.md docs examples src tests/it "$copy"
    # Dependencies of the tests would raise the versions of the others. The members are not copied.
    awk '/^\[/ { dropped = $0 == "[dev-dependencies]" || $0 == "[workspace]" }
        $0 == "[workspace]" || !dropped' Cargo.toml >"$copy/Cargo.toml"
    cd "$copy"
    # Only what the library names: the lowest versions of all crates beneath hardly ever compile.
    RUSTC_BOOTSTRAP=1 cargo update --quiet -Z direct-minimal-versions
    cargo tree --locked --all-features --depth 1 --edges normal --prefix none |
        sed 1d | paste -sd, | sed 's/,/, /g'
    for features in --no-default-features --features=default --all-features; do
        echo "cargo check --lib $features"
        cargo check --quiet --locked --lib "$features"
    done
    # A few examples use the crate `http`, which `_http` brings.
    echo "cargo test --doc --features _http"
    cargo test --quiet --locked --doc --features _http

# Build and run a program without the standard library, and check that `std` would be noticed.
[group("gate")]
no-std:
    #!/usr/bin/env bash
    set -euo pipefail
    build() {
        cargo "$1" --quiet --locked --manifest-path tests/no-std/Cargo.toml \
            --target-dir "$CARGO_TARGET_DIR/no-std" "${@:2}"
    }
    for profile in dev release; do
        build run --profile "$profile" || {
            echo "without std, $profile: exit status $?: 101 is the build, 1 to 11 the program's check" >&2
            exit 1
        }
    done
    echo "without std: builds, and every check of the program holds"
    if messages=$(build build --features std 2>&1); then
        echo "with std: builds, so a build without it proves nothing" >&2
        exit 1
    elif ! grep -q '^error\[E0152\]' <<<"$messages"; then
        printf '%s\n' "$messages" "with std: fails, but not with E0152" >&2
        exit 1
    fi
    echo "with std: refused with E0152, as expected"

# Run the same program on an emulated Cortex-M4, which has no system and no 64-bit atomics.
[group("gate")]
bare-metal:
    #!/usr/bin/env bash
    set -euo pipefail
    target=$CARGO_TARGET_DIR/bare-metal
    scripts/tool qemu-system-arm
    linker=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
    # Debian has the source of `core` and `alloc`; rustup's compiler has them for other targets only.
    RUSTC=$(scripts/debian-rust "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" rust-web-src)
    export RUSTC
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_THUMBV7EM_NONE_EABI_LINKER=$linker \
        CARGO_TARGET_THUMBV7EM_NONE_EABI_RUSTFLAGS="-C link-arg=-T$PWD/tests/no-std/cortex-m.ld" \
        cargo build --quiet --locked --release --manifest-path tests/no-std/Cargo.toml --target-dir "$target" \
        -Z build-std=core,alloc -Z build-std-features=compiler-builtins-mem --target thumbv7em-none-eabi
    echo "without any system: builds and links"
    timeout 60 qemu-system-arm -machine mps2-an386 -nographic -monitor none -serial none \
        -semihosting-config enable=on,target=native \
        -kernel "$target/thumbv7em-none-eabi/release/hubseal-no-std" || {
        echo "without any system: exit status $?: 1 to 11 is the program's check, 101 a panic, 102 a fault," \
            "124 no end" >&2
        exit 1
    }
    echo "without any system: every check of the program holds on the emulated processor"

# Build the library for WebAssembly, with the default features and with all that work there, and run it in node.
[group("gate")]
wasm:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/tool node
    target=wasm32-unknown-unknown
    sysroot=$(rustc --print sysroot)
    # Small, as such modules are shipped.
    export CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=true
    build=(build --quiet --locked --release --package hubseal-wasm --target "$target"
        --target-dir "$CARGO_TARGET_DIR/wasm")
    if [ ! -d "$sysroot/lib/rustlib/$target/lib" ]; then
        # Without `rustup target add`: Debian has the source of the standard library.
        if ! RUSTC=$(scripts/debian-rust "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" rust-web-src); then
            echo "WebAssembly: NOT CHECKED; rustup target add $target would bring it" >&2
            [ "${CI:-}" = true ] && exit 1
            exit 0
        fi
        linker=$sysroot/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
        export RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
        build+=(-Z "build-std=std,panic_abort")
    fi
    for features in default all; do
        cargo "${build[@]}" --features "$features"
        module=$CARGO_TARGET_DIR/wasm/$target/release/hubseal_wasm.wasm
        node tests/wasm/run.mjs "$module"
        echo "WebAssembly, features $features: $(($(stat --format %s "$module") / 1024)) KiB, every check holds in node"
    done

# Compile with the oldest compiler that Cargo.toml promises: from rustup, or else from Debian.
[group("gate")]
oldest-compiler:
    #!/usr/bin/env bash
    set -euo pipefail
    version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    [ -n "$version" ] || { echo "Cargo.toml has no rust-version" >&2; exit 1; }
    if ! RUSTC=$(RUSTUP_AUTO_INSTALL=0 rustup which --toolchain "$version" rustc 2>/dev/null ||
        scripts/debian-rust "$version"); then
        echo "oldest compiler: NOT CHECKED; rustup toolchain install $version would bring it" >&2
        [ "${CI:-}" = true ] && exit 1
        exit 0
    fi
    export RUSTC CARGO_TARGET_DIR=$CARGO_TARGET_DIR/oldest-compiler
    found=$("$RUSTC" --version)
    echo "$found"
    case $found in
        "rustc $version"[.\ ]*) ;;
        *) echo "Cargo.toml promises $version" >&2; exit 1 ;;
    esac
    # Together they compile every line: some need a feature, some the lack of one.
    for features in --no-default-features --features=default --all-features; do
        echo "cargo check --lib $features"
        cargo check --quiet --locked --lib "$features"
    done
    echo "cargo run --manifest-path tests/no-std/Cargo.toml"
    cargo run --quiet --locked --manifest-path tests/no-std/Cargo.toml

# Test the command-line tool, with receivers in Rust, Node and Python.
[group("gate")]
cli *tests:
    #!/usr/bin/env bash
    set -euo pipefail
    [ -z "${HUBSEAL_REQUIRE_RECEIVERS:-}" ] || scripts/tool node python3
    RUST_TEST_THREADS={{ test-threads }} cargo test --quiet --locked --package hubseal-cli "$@"

# Run the two commands of README.md exactly as it prints them.
[group("gate")]
readme-commands:
    #!/usr/bin/env bash
    set -euo pipefail
    commands=$(awk '
        /^```/ { code = !code && $0 == "```sh"; fenced = !fenced; next }
        !fenced && /^## / { section = $0 == "## Two commands" }
        section && code && /^cargo / { print }
    ' README.md)
    count=$(grep -c . <<<"$commands" || true)
    if [ "$count" -ne 2 ]; then
        echo "README.md, \"## Two commands\": expected two lines of \`\`\`sh that start with cargo, found $count" >&2
        exit 1
    fi
    while IFS= read -r command <&3; do
        printf '\n$ %s\n' "$command"
        RUST_TEST_THREADS={{ test-threads }} bash -euc "$command"
    done 3<<<"$commands"

# Check that each test, attack suite case and recipe that the documents name exists.
[group("gate")]
documents:
    scripts/documents

# Check alert rules and dashboard: with promtool, and with a server and Prometheus on loopback.
[group("gate")]
monitoring *server:
    scripts/monitoring "$@"

# Check that examples which must not compile fail for the reason that they name.
[group("gate")]
compile-fail:
    # A stable rustdoc accepts any error.
    RUSTDOC={{ unstable-rustdoc }} cargo test --quiet --locked --doc --all-features

# Compare the instructions of each path with benches/instructions.txt. `--update` writes the file.
[group("gate")]
instructions *arguments:
    scripts/instructions "$@"

# Run each benchmark briefly, and what prints and draws results; checks that they work, not the figures.
[group("gate")]
benches:
    scripts/benches

# Run all tests, and check that they reach at least 96 % of the lines (COVERAGE_FLOOR).
[group("gate")]
coverage:
    RUST_TEST_THREADS={{ test-threads }} scripts/coverage

# Run what threads share in every order of two and three threads, with loom.
[group("gate")]
interleavings *tests:
    #!/usr/bin/env bash
    set -euo pipefail
    cargo test --quiet --locked --release --package hubseal-interleavings -- --nocapture "$@" |
        awk '{ sub(/^\.+/, "") }
            / interleavings: / { print; all += $1 }
            /^test result/ { print }
            END { print all + 0, "interleavings in all"; exit all == 0 }'

# Check that no branch, address or time depends on a secret (SAMPLES=2000000 for longer).
[group("gate")]
constant-time:
    scripts/constant-time

# Search freed memory for secrets, in an optimised build and in one without.
[group("gate")]
freed-memory *tests:
    #!/usr/bin/env bash
    set -euo pipefail
    for profile in plain release; do
        echo "freed memory, $profile"
        cargo test --quiet --locked --profile "$profile" --package hubseal-freed-memory "$@"
    done

# Run the tests with AddressSanitizer and LeakSanitizer (PROPTEST_CASES=256 for more than 16).
[group("gate")]
sanitize *tests:
    RUST_TEST_THREADS={{ test-threads }} scripts/sanitize "$@"

# Compare signatures with @octokit/webhooks-methods and pywa (PEERS_CASES=4000, PEERS_SEED=…), and client addresses with nginx.
[group("gate")]
peers:
    #!/usr/bin/env bash
    set -euo pipefail
    installed=$CARGO_TARGET_DIR/peers
    scripts/tool nginx node npm python3
    mkdir -p "$installed"
    cp tests/peers/{package.json,package-lock.json,octokit.mjs,schemes.mjs} "$installed"
    npm ci --prefix "$installed" --ignore-scripts --no-audit --no-fund --silent
    python3 -m pip --version >/dev/null 2>&1 || scripts/tool pip3
    if ! cmp --quiet tests/peers/requirements.txt "$installed/requirements.txt"; then
        rm -rf "$installed/python"
        python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
            --require-hashes --requirement tests/peers/requirements.txt --target "$installed/python"
        cp tests/peers/requirements.txt "$installed"
    fi
    PYTHONPATH=$installed/python cargo run --quiet --locked --release --package hubseal-peers -- \
        "$installed/octokit.mjs" tests/peers/validator.py "$installed/schemes.mjs" tests/peers/slack.py
    cargo run --quiet --locked --release --package hubseal-peers --bin client_address

# Fuzz each target for 30 seconds from its seeds (FUZZ_SECONDS).
[group("gate")]
fuzz *targets:
    scripts/fuzz "$@"

# Plant a bug for each fuzz target, and check that the target finds it.
fuzz-planted *targets:
    scripts/fuzz-planted "$@"

# Soak the example servers: everything that can go wrong at once, for 20 seconds (SOAK_SECONDS).
[group("gate")]
soak *servers:
    #!/usr/bin/env bash
    set -euo pipefail
    # Together with the servers of `just benches`, so that both share one build of the frameworks.
    cargo build --quiet --locked --release --bins --package hubseal-servers --package hubseal-soak
    # tests/soak/plot draws these samples.
    mkdir -p "$CARGO_TARGET_DIR/soak"
    "$CARGO_TARGET_DIR/release/hubseal-soak" "$CARGO_TARGET_DIR/soak/samples.csv" "$@"

# Change the library in one place at a time, and check that a test fails (MUTANTS=all for every place).
[group("gate")]
mutants *paths:
    scripts/mutants "$@"
