//! The allocator: one large piece of memory, of which nothing is ever taken back.

use std::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    hint, ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The most that one process may allocate. It takes memory only as it is used.
const BYTES: usize = 128 << 20;
/// What blocks and what is in front of them are aligned to.
const ALIGN: usize = 32;

#[repr(align(32))]
struct Memory(#[expect(dead_code, reason = "it is reached by pointers alone")] [u8; BYTES]);

struct Arena {
    memory: UnsafeCell<Memory>,
    used: AtomicUsize,
}

/// What stands in front of a block.
#[repr(align(32))]
struct Head {
    /// How much the block takes with its head; zero until the rest is written.
    whole: AtomicUsize,
    /// How much of it was asked for.
    size: usize,
    /// Whose it is.
    thread: usize,
}

#[global_allocator]
static ARENA: Arena = Arena {
    memory: UnsafeCell::new(Memory([0; BYTES])),
    used: AtomicUsize::new(0),
};

impl Arena {
    fn head(&self, offset: usize) -> *mut Head {
        self.memory.get().cast::<Head>().wrapping_byte_add(offset)
    }
}

// Safety: `used` is atomic and only grows, so no two blocks overlap.
unsafe impl Sync for Arena {}

// Safety: a block lies within `memory`, is aligned, and belongs to whoever asked for it for good.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // An alignment more than its size: it may have to begin that much further behind.
        let align = layout.align().max(ALIGN);
        let whole = layout.size().checked_next_multiple_of(ALIGN);
        let Some(whole) = whole.and_then(|size| size.checked_add(size_of::<Head>() + align)) else {
            return ptr::null_mut();
        };
        let take = |used: usize| used.checked_add(whole).filter(|used| *used <= BYTES);
        let (now, later) = (Ordering::Relaxed, Ordering::Relaxed);
        let Ok(used) = self.used.fetch_update(now, later, take) else {
            return ptr::null_mut();
        };
        let head = self.head(used);
        // Safety: within `memory`, aligned because `used` is always a multiple of `ALIGN`, and nobody
        // else's; `whole` is written last and read first.
        unsafe {
            (&raw mut (*head).size).write(layout.size());
            (&raw mut (*head).thread).write(this_thread());
            (*head).whole.store(whole, Ordering::Release);
        }
        let block = head.wrapping_add(1).cast::<u8>();
        block.wrapping_add(block.align_offset(align))
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// A number that no other living thread has.
fn this_thread() -> usize {
    thread_local! {
        static HERE: u8 = const { 0 };
    }
    HERE.try_with(|here| ptr::from_ref(here).addr())
        .unwrap_or_default()
}

/// How much has been allocated so far, and thus where the next block will begin.
pub fn used() -> usize {
    ARENA.used.load(Ordering::Relaxed)
}

/// All blocks that this thread allocated between two calls of [`used`]: their sizes, and what is in
/// them now.
pub fn blocks(mut start: usize, end: usize) -> Vec<(usize, Vec<u8>)> {
    let mut blocks = Vec::new();
    while start < end {
        let head = ARENA.head(start);
        // Safety: a head begins here, or will as soon as another thread has written it. The block is
        // this thread's, which does nothing else meanwhile; and all of `memory` was zero at first, so
        // there is something to read whatever was written since.
        unsafe {
            let whole = (*head).whole.load(Ordering::Acquire);
            if whole == 0 {
                hint::spin_loop();
                continue;
            }
            if (*head).thread == this_thread() {
                let length = whole - size_of::<Head>();
                let bytes = std::slice::from_raw_parts(head.wrapping_add(1).cast::<u8>(), length);
                blocks.push(((*head).size, bytes.to_vec()));
            }
            start += whole;
        }
    }
    blocks
}
