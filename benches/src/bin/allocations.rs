//! Prints how often each way to verify allocates, and how much, for one body of 700 bytes.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin allocations
//! ```
//!
//! It ends with a failure where the library allocates at all.

use std::process::ExitCode;

use allocation_counter::measure;
use hubseal_benches::verifiers::WAYS;

const BODY: [u8; 700] = [b'a'; 700];

fn main() -> ExitCode {
    println!("| | allocations | bytes |");
    println!("|---|---:|---:|");
    let mut code = ExitCode::SUCCESS;
    for way in WAYS {
        let verdict = (way.of)(&BODY);
        // What is made once, when it is first needed, does not count.
        assert!(verdict(&BODY));
        let counted = measure(|| assert!(verdict(&BODY)));
        println!(
            "| {} | {} | {} |",
            way.name, counted.count_total, counted.bytes_total
        );
        if way.name == "hubseal" && counted.count_total > 0 {
            code = ExitCode::FAILURE;
        }
    }
    code
}
