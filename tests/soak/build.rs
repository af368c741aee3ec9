//! The examples' handlers go wrong here, where a delivery asks for it: `examples/shared/faults.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=hubseal_faults");
}
