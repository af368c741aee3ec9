//! Puts `loom` in the place of what threads share.

fn main() {
    println!("cargo::rustc-cfg=hubseal_loom");
    println!("cargo::rerun-if-changed=build.rs");
}
