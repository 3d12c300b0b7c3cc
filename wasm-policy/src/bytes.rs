//! Copying and comparing bytes. A copy of a dozen bytes, as most are, takes longer to ask a host for than to do, and
//! what the standard library brings along goes byte by byte; both together were a seventh of a call.
//!
//! These two stand under the names that the compiler calls. Their loops have to stand in functions of just these names:
//! in any other it would see a copy in the loop, and call itself.
#![allow(unsafe_code, reason = "bytes are reached by address")]

/// Copies `bytes` bytes.
///
/// # Safety
/// As `memcpy` in C: both places are of that size, and they do not overlap.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8 {
    // SAFETY: every place is within `bytes` of the start; a short end is copied together with what is before it.
    unsafe {
        if bytes >= 8 {
            let last = bytes - 8;
            let mut at = 0;
            while at < last {
                let word = from.add(at).cast::<u64>().read_unaligned();
                to.add(at).cast::<u64>().write_unaligned(word);
                at += 8;
            }
            let word = from.add(last).cast::<u64>().read_unaligned();
            to.add(last).cast::<u64>().write_unaligned(word);
        } else if bytes >= 4 {
            let (first, last) = (from.cast::<u32>(), from.add(bytes - 4).cast::<u32>());
            let (first, last) = (first.read_unaligned(), last.read_unaligned());
            to.cast::<u32>().write_unaligned(first);
            to.add(bytes - 4).cast::<u32>().write_unaligned(last);
        } else if bytes > 0 {
            let (first, middle, last) = (from.read(), from.add(bytes / 2).read(), from.add(bytes - 1).read());
            to.write(first);
            to.add(bytes / 2).write(middle);
            to.add(bytes - 1).write(last);
        }
    }
    to
}

/// Compares `bytes` bytes: less than 0, 0 or more than 0, as the first that differ do.
///
/// # Safety
/// As `memcmp` in C: both places are of that size.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, bytes: usize) -> i32 {
    let mut at = 0;
    // SAFETY: every place is within `bytes` of the start.
    unsafe {
        while at + 8 <= bytes {
            let a = left.add(at).cast::<u64>().read_unaligned();
            let b = right.add(at).cast::<u64>().read_unaligned();
            if a != b {
                return if a.swap_bytes() < b.swap_bytes() { -1 } else { 1 };
            }
            at += 8;
        }
        while at < bytes {
            let (a, b) = (left.add(at).read(), right.add(at).read());
            if a != b {
                return i32::from(a) - i32::from(b);
            }
            at += 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every length and every place of both, so that all ends and all ways to be aligned are met.
    #[test]
    fn what_is_copied_is_the_same_and_nothing_beside_it() {
        let from: Vec<u8> = (1..=90).collect();
        for bytes in 0..60 {
            for (start, place) in (0..9).flat_map(|start| (0..9).map(move |place| (start, place))) {
                let mut to = [0_u8; 80];
                unsafe { memcpy(to[place..].as_mut_ptr(), from[start..].as_ptr(), bytes) };
                let mut wanted = [0_u8; 80];
                wanted[place..place + bytes].copy_from_slice(&from[start..start + bytes]);
                assert_eq!(to, wanted, "{bytes} from {start} to {place}");
            }
        }
    }

    #[test]
    fn what_differs_first_decides() {
        for bytes in 0..40 {
            for (start, place) in (0..9).flat_map(|start| (0..9).map(move |place| (start, place))) {
                let (mut left, mut right) = ([7_u8; 60], [7_u8; 60]);
                // What lies behind says nothing.
                left[start + bytes] = 1;
                let compare = |left: &[u8; 60], right: &[u8; 60]| unsafe {
                    memcmp(left[start..].as_ptr(), right[place..].as_ptr(), bytes).signum()
                };
                assert_eq!(compare(&left, &right), 0, "{bytes} from {start} and {place}");
                for at in 0..bytes {
                    right[place + at] = 200;
                    // A later difference the other way does not count.
                    if at + 1 < bytes {
                        left[start + bytes - 1] = 255;
                    }
                    assert_eq!(compare(&left, &right), -1, "byte {at} of {bytes}");
                    assert_eq!(compare(&right, &left) * i32::from(start == place), i32::from(start == place));
                    (right[place + at], left[start + bytes - 1]) = (7, 7);
                    left[start + bytes] = 1;
                }
            }
        }
    }
}
