//! A table of rotations, with the time of each step.

use hubseal::{Endpoint, Secrets};

use super::{A, B, C, Folder, START, keys};
use crate::rotation::deadlines::TestClock;

/// A step of a rotation: the contents of the files and the time at the reload, and what is accepted then.
struct Step {
    at: u64,
    current: &'static str,
    previous: Option<&'static str>,
    is_changed: bool,
    /// See [`keys`].
    keys: &'static str,
}

fn step(
    at: u64,
    (current, previous): (&'static str, Option<&'static str>),
    is_changed: bool,
    keys: &'static str,
) -> Step {
    Step {
        at,
        current,
        previous,
        is_changed,
        keys,
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn rotations_follow_the_files_and_the_clock() {
    // The first step is the load.
    for (case, steps) in [
        (
            "without a file of the previous secret",
            vec![
                step(0, (A, None), true, "c--"),
                step(1, (A, None), false, "c--"),
                step(10, (B, None), true, "pc-"),
                // Unchanged files keep the deadline.
                step(109, (B, None), false, "pc-"),
                step(110, (B, None), false, "xc-"),
                step(300, (C, None), true, "-pc"),
                step(400, (C, None), false, "-xc"),
            ],
        ),
        (
            "with a file, written before the reload",
            vec![
                step(0, (A, None), true, "c--"),
                step(10, (B, Some(A)), true, "pc-"),
                step(50, (B, Some(A)), false, "pc-"),
                step(60, (B, None), true, "-c-"),
            ],
        ),
        (
            "a reload between the two writes",
            vec![
                step(0, (A, None), true, "c--"),
                step(10, (A, Some(A)), false, "c--"),
                step(20, (B, Some(A)), true, "pc-"),
                step(120, (B, Some(A)), false, "xc-"),
                step(121, (B, None), true, "-c-"),
            ],
        ),
        (
            "a file that is written after the reload keeps the deadline",
            vec![
                step(0, (A, None), true, "c--"),
                step(10, (B, None), true, "pc-"),
                step(90, (B, Some(A)), false, "pc-"),
                step(110, (B, Some(A)), false, "xc-"),
            ],
        ),
        (
            "a restart in the middle of a rotation",
            vec![
                step(0, (B, Some(A)), true, "pc-"),
                step(99, (B, Some(A)), false, "pc-"),
                step(100, (B, Some(A)), false, "xc-"),
            ],
        ),
        (
            "the same secret in both files",
            vec![
                step(0, (A, Some(A)), true, "c--"),
                step(200, (A, Some(A)), false, "c--"),
            ],
        ),
        (
            "an old file is no reason to reject the replaced secret",
            vec![
                step(0, (B, Some(A)), true, "pc-"),
                step(200, (C, Some(A)), true, "-pc"),
                step(210, (C, None), false, "-pc"),
                step(300, (C, None), false, "-xc"),
            ],
        ),
        (
            "back to the old secret",
            vec![
                step(0, (A, None), true, "c--"),
                step(10, (B, None), true, "pc-"),
                step(20, (A, None), true, "cp-"),
                step(119, (A, None), false, "cp-"),
                step(120, (A, None), false, "cx-"),
            ],
        ),
        (
            "a new file of the previous secret without a new current one",
            vec![
                step(0, (B, None), true, "-c-"),
                step(10, (B, Some(A)), true, "pc-"),
                step(20, (B, Some(C)), true, "-cp"),
                step(120, (B, Some(C)), false, "-cx"),
            ],
        ),
    ] {
        let (folder, clock) = (Folder::new("table"), TestClock::default());
        let mut loaded: Option<(Secrets, Endpoint)> = None;
        folder.put("token", Some("correct-horse"));
        for step in steps {
            clock.set(START + step.at);
            folder.put("current", Some(step.current));
            folder.put("previous", step.previous);
            if let Some((secrets, _)) = &loaded {
                assert_eq!(
                    secrets.reload().unwrap(),
                    step.is_changed,
                    "{case}, {}",
                    step.at
                );
            } else {
                let secrets = folder.builder().clock(clock.read()).load().unwrap();
                let endpoint = secrets.endpoint().build().unwrap();
                loaded = Some((secrets, endpoint));
            }
            let (_, endpoint) = loaded.as_ref().unwrap();
            assert_eq!(keys(endpoint), step.keys, "{case}, {}", step.at);
        }
    }
}
