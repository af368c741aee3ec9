//! With the C runtime, which starts the program and has the `memcpy` that the compiler calls.

#[link(name = "c")]
unsafe extern "C" {
    pub(super) safe fn abort() -> !;
}

// `alloc` is compiled for unwinding. This program aborts and calls neither function, but the linker
// needs both.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() -> ! {
    abort()
}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    abort()
}
