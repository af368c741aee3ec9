//! On a Cortex-M without any system: what the processor starts with, and how it ends, by asking the
//! debugger, which here is the emulator.

use core::{arch::asm, ffi::c_int};

/// What the processor jumps to, beginning with the reset; `cortex-m.ld` puts the stack before it.
#[used]
#[unsafe(link_section = ".vectors")]
static VECTORS: [extern "C" fn() -> !; 15] = {
    let mut vectors = [fault as extern "C" fn() -> !; 15];
    vectors[0] = reset;
    vectors
};

// The emulator has put everything in its place: there is nothing to copy and nothing to clear.
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
        // Safety: the call reads two words at `reason` and does not come back.
        unsafe {
            asm!("bkpt 0xab", inout("r0") EXIT_EXTENDED => _, in("r1") &raw const reason);
        }
    }
}
