//! Enables the faults of the examples' handlers (`examples/shared/faults.rs`) in this build.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=hubseal_faults");
}
