//! Cortex-M without an operating system: the vector table, and exit by semihosting.

use core::{arch::asm, ffi::c_int};

/// Vector table, starting with the reset handler. `cortex-m.ld` puts the stack pointer before it.
#[used]
#[unsafe(link_section = ".vectors")]
static VECTORS: [extern "C" fn() -> !; 15] = {
    let mut vectors = [fault as extern "C" fn() -> !; 15];
    vectors[0] = reset;
    vectors
};

// The emulator has initialised all memory, so nothing is copied or cleared here.
extern "C" fn reset() -> ! {
    exit(crate::main())
}

extern "C" fn fault() -> ! {
    exit(102)
}

pub(super) fn abort() -> ! {
    exit(101)
}

fn exit(status: c_int) -> ! {
    const EXIT_EXTENDED: usize = 0x20;
    const APPLICATION_EXIT: usize = 0x2_0026;
    let reason = [APPLICATION_EXIT, status.unsigned_abs() as usize];
    loop {
        // Safety: the call reads two words at `reason` and does not return.
        unsafe {
            asm!("bkpt 0xab", inout("r0") EXIT_EXTENDED => _, in("r1") &raw const reason);
        }
    }
}
