//! What a tensor takes of a device: the framework's allocator hands out whole pieces of what it asked the driver for.
//!
//! Source: PyTorch `c10/cuda/CUDACachingAllocator.cpp`: `round_size`, `get_allocation_size`, `should_split`. With it the
//! logged weights of Qwen2.5-14B, 27.5681 GiB on one device, 13.9281 on two and 6.9461 on four, come out to the MiB.

use crate::units::Bytes;

/// Sizes are multiples of this.
const UNIT: u64 = 512;
/// Up to here tensors share segments that are cut anywhere; a rest of no more than this is not cut off.
const SMALL: u64 = 1 << 20;
/// From here on each tensor has a segment of its own.
const LARGE: u64 = 10 << 20;
/// What tensors in between share.
const SHARED_SEGMENT: u64 = 20 << 20;
/// Larger segments are multiples of this.
const SEGMENT: u64 = 2 << 20;

/// Bytes that `count` tensors of `bytes` each take.
pub(super) const fn held(bytes: Bytes, count: u64) -> Bytes {
    let Some(size) = bytes.get().checked_next_multiple_of(UNIT) else { return bytes.times(count) };
    if size > SMALL && size < LARGE {
        return shared(size, count);
    }
    let one = if size <= SMALL {
        size
    } else {
        let segment = size.div_ceil(SEGMENT).saturating_mul(SEGMENT);
        if segment.saturating_sub(size) > SMALL { size } else { segment }
    };
    Bytes::new(one).times(count)
}

/// Tensors that share segments: the last one in each takes a rest that is too small to be cut off.
const fn shared(size: u64, count: u64) -> Bytes {
    let each = SHARED_SEGMENT / size;
    let rest = SHARED_SEGMENT % size;
    let lost = if rest <= SMALL { Bytes::new(rest).times(count / each) } else { Bytes::ZERO };
    Bytes::saturating(size as u128 * count as u128 + lost.get() as u128)
}

#[cfg(test)]
mod tests {
    use super::held;
    use crate::units::Bytes;

    #[test]
    fn rests_that_are_not_cut_off_are_held() {
        let mib = |quarters: u64| Bytes::new(quarters << 18);
        // Tensors of Qwen2.5-14B: 135 MiB fill a segment of 136, 12.5 MiB leave one and a half of 14.
        let cases = [(270 * 4, 270 * 4), (135 * 4, 136 * 4), (67 * 4 + 2, 68 * 4), (12 * 4 + 2, 12 * 4 + 2)];
        for (size, want) in cases {
            assert_eq!(held(mib(size), 3), mib(want).times(3), "{size}");
        }
        assert_eq!(held(Bytes::new(1), 2), Bytes::new(1024));
        assert_eq!(held(Bytes::from_mib(1), 1), Bytes::from_mib(1));
        // Two of 9.5 MiB leave one MiB of a segment of 20, which the second takes; three of 6 MiB leave two, which stay.
        assert_eq!(held(mib(38), 5), mib(38 * 5 + 2 * 4));
        assert_eq!(held(mib(24), 7), mib(24 * 7));
        // From 10 MiB on, one has a segment of its own.
        assert_eq!(held(mib(40), 3), mib(40 * 3));
        assert_eq!(held(Bytes::from_mib(21), 1), Bytes::from_mib(22));
        assert_eq!(held(Bytes::ZERO, 9), Bytes::ZERO);
        assert_eq!(held(Bytes::new(u64::MAX), 2), Bytes::new(u64::MAX));
    }
}
