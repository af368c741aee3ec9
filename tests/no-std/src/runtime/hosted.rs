//! On a system with C's runtime, which starts the program, and has the `memcpy` that the compiler calls.

#[link(name = "c")]
unsafe extern "C" {
    pub(super) safe fn abort() -> !;
}

// `alloc` comes compiled for programs that unwind. This one aborts instead and calls neither, but
// the linker asks for both.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() -> ! {
    abort()
}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    abort()
}
