//! An allocator that never reuses memory.

use std::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    hint, ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The most that one process may allocate. The system provides pages only when they are used.
const BYTES: usize = 128 << 20;
/// Alignment of blocks and their headers.
const ALIGN: usize = 32;

#[repr(align(32))]
struct Memory(#[expect(dead_code, reason = "used through pointers only")] [u8; BYTES]);

struct Arena {
    memory: UnsafeCell<Memory>,
    used: AtomicUsize,
}

/// The header of a block.
#[repr(align(32))]
struct Head {
    /// The size of the block with its header. Zero until the rest is written.
    whole: AtomicUsize,
    /// The requested size.
    size: usize,
    /// The allocating thread.
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

// Safety: a block lies within `memory`, is aligned, and is never handed out again.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A large alignment can require this much padding.
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
        // Safety: the header lies within `memory` and is aligned, because `used` is always a
        // multiple of `ALIGN`. No other thread uses it. `whole` is written last and read first.
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

/// A number that is unique among living threads.
fn this_thread() -> usize {
    thread_local! {
        static HERE: u8 = const { 0 };
    }
    HERE.try_with(|here| ptr::from_ref(here).addr())
        .unwrap_or_default()
}

/// The number of allocated bytes, which is the offset of the next block.
pub fn used() -> usize {
    ARENA.used.load(Ordering::Relaxed)
}

/// Returns the sizes and the current content of all blocks that this thread allocated between two
/// calls of [`used`].
pub fn blocks(mut start: usize, end: usize) -> Vec<(usize, Vec<u8>)> {
    let mut blocks = Vec::new();
    while start < end {
        let head = ARENA.head(start);
        // Safety: a header begins here, or will as soon as another thread has written it. The block
        // belongs to this thread, which does nothing else meanwhile. All of `memory` was zero at
        // first, so every byte is initialised.
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
