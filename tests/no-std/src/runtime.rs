//! What the standard library would bring: a panic handler and an allocator.

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

/// Enough for everything that the checks ever ask for.
const BYTES: usize = 4 * 1024 * 1024;

/// Hands out one piece of memory after the other and takes none back.
struct Bump {
    memory: UnsafeCell<[u8; BYTES]>,
    used: AtomicUsize,
}

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    memory: UnsafeCell::new([0; BYTES]),
    used: AtomicUsize::new(0),
};

// Safety: `used` is atomic and only grows, so no two pieces of `memory` overlap.
unsafe impl Sync for Bump {}

// Safety: a piece lies within `memory`, is aligned, and belongs to whoever asked for it for good.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.memory.get().cast::<u8>();
        // Enough for the worst alignment; what is left over is lost.
        let Some(size) = layout.size().checked_add(layout.align()) else {
            return ptr::null_mut();
        };
        let take = |used: usize| used.checked_add(size).filter(|used| *used <= BYTES);
        let (now, later) = (Ordering::Relaxed, Ordering::Relaxed);
        let Ok(used) = self.used.fetch_update(now, later, take) else {
            return ptr::null_mut();
        };
        let piece = start.wrapping_add(used);
        piece.wrapping_add(piece.align_offset(layout.align()))
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
