//! Replacements for parts of the standard library: a panic handler and an allocator.

use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    panic::PanicInfo,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

#[cfg_attr(target_os = "none", path = "runtime/cortex_m.rs")]
#[cfg_attr(not(target_os = "none"), path = "runtime/hosted.rs")]
mod platform;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    platform::abort()
}

/// Enough for all checks together.
const BYTES: usize = 4 * 1024 * 1024;

/// A bump allocator that never frees memory.
struct Bump {
    memory: UnsafeCell<[u8; BYTES]>,
    used: AtomicUsize,
}

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    memory: UnsafeCell::new([0; BYTES]),
    used: AtomicUsize::new(0),
};

// Safety: `used` is atomic and only grows, so blocks of `memory` never overlap.
unsafe impl Sync for Bump {}

// Safety: a block lies within `memory`, is aligned, and is never handed out again.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.memory.get().cast::<u8>();
        // Enough for the worst alignment. The unused rest is lost.
        let Some(size) = layout.size().checked_add(layout.align()) else {
            return ptr::null_mut();
        };
        let take = |used: usize| used.checked_add(size).filter(|used| *used <= BYTES);
        let (now, later) = (Ordering::Relaxed, Ordering::Relaxed);
        let Ok(used) = self.used.fetch_update(now, later, take) else {
            return ptr::null_mut();
        };
        let block = start.wrapping_add(used);
        block.wrapping_add(block.align_offset(layout.align()))
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
