//! Requests of a program to the valgrind it runs under.

use core::arch::asm;

const RUNNING: usize = 0x1001;
const COUNT_ERRORS: usize = 0x1201;
const MAKE_UNDEFINED: usize = 0x4d43_0001;
const MAKE_DEFINED: usize = 0x4d43_0002;
const GET_BITS: usize = 0x4d43_0008;

/// Without valgrind, a request does nothing and answers 0.
fn request(what: usize, arguments: [usize; 3]) -> usize {
    let [first, second, third] = arguments;
    let words = [what, first, second, third, 0, 0];
    let mut answer = 0_usize;
    // SAFETY: to the processor this is nothing, because the rotations add up to twice 64 bits. To
    // valgrind it is a request of six words, answered in rdx; of the memory that they point to it
    // changes nothing but, for `GET_BITS`, the bytes that the caller borrowed mutably for it.
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

/// How often a branch or an address has depended on a secret so far.
#[must_use]
pub fn errors() -> usize {
    request(COUNT_ERRORS, [0; 3])
}

/// From here on this memory, and all that is computed from it, is secret.
pub fn make_secret<T: ?Sized>(value: &T) {
    request(MAKE_UNDEFINED, [address(value), size_of_val(value), 0]);
}

/// From here on this memory is public again; what was computed from it before is not.
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
