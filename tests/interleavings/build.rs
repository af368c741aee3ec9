//! Replaces shared state by `loom`'s types in this build.

fn main() {
    println!("cargo::rustc-cfg=hubseal_loom");
    println!("cargo::rerun-if-changed=build.rs");
}
