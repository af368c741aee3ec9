//! Prints the memory of a replay store in memory, for each of a million fingerprints.
//!
//! ```sh
//! cargo run --release -p hubseal-benches --no-default-features --features replay --bin replay-memory
//! ```
//!
//! Fails if a fingerprint takes over 250 bytes, or if a full store grows.

use std::process::ExitCode;

use allocation_counter::measure;
use hubseal::{
    Fingerprint,
    replay::{Claim, MemoryStore, ReplayGuard},
};
use tokio::runtime::Builder;

const ENTRIES: u64 = 1_000_000;
const MOST_BYTES: u64 = 250;

fn main() -> ExitCode {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let mut guard = None;
    let mut total = 0;
    let mut code = ExitCode::SUCCESS;
    println!("| claimed and committed | bytes | bytes of each that fits |");
    println!("|---:|---:|---:|");
    for round in 0..5 {
        let counted = measure(|| {
            let guard = guard
                .get_or_insert_with(|| ReplayGuard::new(MemoryStore::with_capacity(1_000_000)));
            runtime.block_on(async {
                for number in round * ENTRIES..(round + 1) * ENTRIES {
                    let fingerprint = Fingerprint::new([number.to_le_bytes()]);
                    match guard.claim(fingerprint).await {
                        Ok(Claim::Fresh(ticket)) => ticket.commit().await.expect("a store"),
                        other => panic!("{other:?}"),
                    }
                }
            });
        });
        total += counted.bytes_current;
        let bytes = u64::try_from(total).expect("a sum of allocations");
        let each = bytes.div_ceil(ENTRIES);
        println!("| {} | {bytes} | {each} |", (round + 1) * ENTRIES);
        if each > MOST_BYTES {
            code = ExitCode::FAILURE;
        }
    }
    code
}
