//! Prints the allocations of each verification of one body of 700 bytes.
//!
//! ```sh
//! cargo run --release -p hubseal-benches --bin allocations
//! ```
//!
//! Fails if the library allocates at all.

use std::process::ExitCode;

use allocation_counter::measure;
use hubseal_benches::verifiers::IMPLEMENTATIONS;

const BODY: [u8; 700] = [b'a'; 700];

fn main() -> ExitCode {
    println!("| | allocations | bytes |");
    println!("|---|---:|---:|");
    let mut code = ExitCode::SUCCESS;
    for implementation in IMPLEMENTATIONS {
        let check = (implementation.prepare)(&BODY);
        // Lazy initialisation does not count.
        assert!(check(&BODY));
        let counted = measure(|| assert!(check(&BODY)));
        println!(
            "| {} | {} | {} |",
            implementation.name, counted.count_total, counted.bytes_total
        );
        if implementation.name == "hubseal" && counted.count_total > 0 {
            code = ExitCode::FAILURE;
        }
    }
    code
}
