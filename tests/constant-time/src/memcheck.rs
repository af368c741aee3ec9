//! Client requests to valgrind.

use core::arch::asm;

const RUNNING: usize = 0x1001;
const COUNT_ERRORS: usize = 0x1201;
const MAKE_UNDEFINED: usize = 0x4d43_0001;
const MAKE_DEFINED: usize = 0x4d43_0002;
const GET_BITS: usize = 0x4d43_0008;

/// Without valgrind, a request does nothing and returns 0.
fn request(what: usize, arguments: [usize; 3]) -> usize {
    let [first, second, third] = arguments;
    let words = [what, first, second, third, 0, 0];
    let mut answer = 0_usize;
    // SAFETY: the processor sees no effect, because the rotations add up to twice 64 bits. valgrind
    // reads a request of six words and returns the result in rdx. It writes memory only for
    // `GET_BITS`, to the bytes that the caller borrowed mutably.
    unsafe {
        asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") words.as_ptr(),
            inout("rdx") answer,
            options(nostack),
        );
    }
    answer
}

/// Whether the program runs under valgrind.
#[must_use]
pub fn is_running() -> bool {
    request(RUNNING, [0; 3]) != 0
}

/// Returns how many times a branch or an address has depended on a secret so far.
#[must_use]
pub fn errors() -> usize {
    request(COUNT_ERRORS, [0; 3])
}

/// Marks this memory as secret, and with it everything computed from it afterwards.
pub fn make_secret<T: ?Sized>(value: &T) {
    request(MAKE_UNDEFINED, [address(value), size_of_val(value), 0]);
}

/// Marks this memory as public again. Values computed from it before stay secret.
pub fn make_public<T: ?Sized>(value: &T) {
    request(MAKE_DEFINED, [address(value), size_of_val(value), 0]);
}

/// Whether each of these bytes is secret, at least in part.
#[must_use]
pub fn is_secret(bytes: &[u8]) -> bool {
    let mut bits = vec![0_u8; bytes.len()];
    let answer = request(
        GET_BITS,
        [address(bytes), address_mut(&mut bits), bytes.len()],
    );
    answer == 1 && bits.iter().all(|bits| *bits != 0)
}

fn address<T: ?Sized>(value: &T) -> usize {
    (&raw const *value).addr()
}

fn address_mut(bytes: &mut [u8]) -> usize {
    bytes.as_mut_ptr().expose_provenance()
}
