//! Controls: code that memcheck must report, and code that it must not.

use std::hint::black_box;

use hubseal_constant_time::memcheck::{make_public, make_secret};

use crate::{Case, Expected};

pub const CASES: &[Case] = &[
    Case {
        name: "control: slices compared with ==",
        run: slice_equality,
        expected: Expected::Something,
    },
    Case {
        name: "control: a loop with an early exit",
        run: early_exit,
        expected: Expected::Something,
    },
    Case {
        name: "control: a table indexed by a secret",
        run: table,
        expected: Expected::Something,
    },
    Case {
        name: "control: a branch on public data next to a secret",
        run: public_branch,
        expected: Expected::Nothing,
    },
];

fn slice_equality() {
    let (one, other) = (vec![7_u8; 32], vec![7_u8; 32]);
    make_secret(one.as_slice());
    let equal = black_box(one.as_slice()) == black_box(other.as_slice());
    make_public(&equal);
    assert!(equal);
}

fn early_exit() {
    let (one, other) = ([7_u8; 32], [7_u8; 32]);
    make_secret(&one);
    let mut equal = true;
    for (one, other) in black_box(&one).iter().zip(black_box(&other)) {
        if black_box(one) != other {
            equal = false;
            break;
        }
    }
    assert!(black_box(equal));
}

fn table() {
    let table: [u8; 256] = std::array::from_fn(|index| !u8::try_from(index).unwrap());
    let index = black_box(7_u8);
    make_secret(&index);
    let entry = black_box(&table)[usize::from(index)];
    make_public(&entry);
    assert_eq!(entry, !7);
}

fn public_branch() {
    let (secret, public) = ([7_u8; 32], black_box([1_u8; 32]));
    make_secret(&secret);
    let mut sum = 0_u8;
    for (secret, public) in black_box(&secret).iter().zip(&public) {
        sum = sum.wrapping_add(if black_box(*public) == 1 { *secret } else { 0 });
    }
    make_public(&sum);
    assert_eq!(sum, 32 * 7);
}
