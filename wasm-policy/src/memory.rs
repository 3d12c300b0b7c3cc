//! Memory of an instance. In most hosts it serves one call and is thrown away: blocks are cut off the end, and one
//! that is given back is kept for the next of its size, so that an instance that serves many calls does not grow.
//!
//! The standard library's allocator joins free blocks and searches among them, which was a quarter of a call.
#![allow(unsafe_code, reason = "memory is handed out by address")]

use core::alloc::Layout;
use core::ptr;

/// Every block starts at a multiple of this.
const UNIT: usize = 16;

/// Sizes of blocks: every multiple of 16 up to 128, then four between a power of two and the next.
const SIZES: usize = 104;

/// More memory, of at least so many bytes, and whether there was none so far: where it starts and how much it is.
type More<'a> = &'a dyn Fn(usize, bool) -> Option<(*mut u8, usize)>;

/// Memory that is handed out.
pub(crate) struct Heap {
    /// What has never been handed out starts here.
    rest: *mut u8,
    /// How much that is.
    left: usize,
    /// The first free block of each size; it holds the address of the next.
    free: [*mut u8; SIZES],
}

/// The number of the smallest size that holds `bytes`, and that size.
const fn size(bytes: usize) -> (usize, usize) {
    let units = bytes.saturating_sub(1) / UNIT;
    if units < 8 {
        return (units, (units + 1) * UNIT);
    }
    let shift = (units | 4).ilog2() - 2;
    let steps = units >> shift;
    (((shift as usize) << 2) + steps, (steps + 1) << shift << 4)
}

impl Heap {
    pub(crate) const fn new() -> Heap {
        Heap { rest: ptr::null_mut(), left: 0, free: [ptr::null_mut(); SIZES] }
    }

    /// A block for `layout`, null where there is no more memory.
    ///
    /// # Safety
    /// What `more` gives is nobody else's. Blocks come back to this heap only.
    pub(crate) unsafe fn take(&mut self, layout: Layout, more: More) -> *mut u8 {
        let (place, bytes) = size(layout.size());
        let mut link: *mut *mut u8 = match self.free.get_mut(place) {
            Some(first) => first,
            None => return ptr::null_mut(),
        };
        // SAFETY: a free block is nobody's and holds the address of the next one.
        unsafe {
            while !link.read().is_null() {
                let block = link.read();
                // The first will do for all that asks for no more than 16.
                if block.addr() & (layout.align() - 1) == 0 {
                    link.write(block.cast::<*mut u8>().read());
                    return block;
                }
                link = block.cast();
            }
        }
        self.cut(bytes, layout.align(), more)
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// It was taken from this heap with this layout, and nobody uses it any more.
    pub(crate) unsafe fn give(&mut self, block: *mut u8, layout: Layout) {
        if let Some(first) = self.free.get_mut(size(layout.size()).0) {
            // SAFETY: the block has at least 16 bytes, starts at a multiple of 16, and is nobody's now.
            unsafe { block.cast::<*mut u8>().write(*first) };
            *first = block;
        }
    }

    /// A block with what `block` holds and room for `bytes`, null where there is no more memory.
    ///
    /// # Safety
    /// As [`Heap::give`], of a layout with `bytes` in place of its size as well.
    pub(crate) unsafe fn change(
        &mut self,
        block: *mut u8,
        layout: Layout,
        bytes: usize,
        more: More,
    ) -> *mut u8 {
        let ((old, had), (new, wanted)) = (size(layout.size()), size(bytes));
        if old == new {
            return block;
        }
        // The block that was cut off last grows where it is, unless a free one is large enough: an instance that
        // does the same again would cut another.
        let none = self.free.get(new).is_none_or(|first| first.is_null());
        let last = block.wrapping_add(had) == self.rest && wanted > had;
        if none && last && wanted - had <= self.left {
            self.rest = block.wrapping_add(wanted);
            self.left -= wanted - had;
            return block;
        }
        // SAFETY: the caller's promise; both blocks hold what is copied, and they are two.
        unsafe {
            let larger = self.take(Layout::from_size_align_unchecked(bytes, layout.align()), more);
            if !larger.is_null() {
                ptr::copy_nonoverlapping(block, larger, layout.size().min(bytes));
                self.give(block, layout);
            }
            larger
        }
    }

    /// Cuts `bytes` off what has never been handed out.
    fn cut(&mut self, bytes: usize, align: usize, more: More) -> *mut u8 {
        let gap = |rest: *mut u8| rest.addr().wrapping_neg() & (align.max(UNIT) - 1);
        let Some(most) = bytes.checked_add(align) else { return ptr::null_mut() };
        if gap(self.rest).saturating_add(bytes) > self.left {
            let Some((start, got)) = more(most, self.rest.is_null()) else { return ptr::null_mut() };
            if self.rest.wrapping_add(self.left) == start {
                self.left += got;
            } else {
                (self.rest, self.left) = (start, got);
            }
        }
        let skip = gap(self.rest);
        match self.left.checked_sub(skip + bytes) {
            Some(left) => {
                let block = self.rest.wrapping_add(skip);
                (self.rest, self.left) = (block.wrapping_add(bytes), left);
                block
            }
            None => ptr::null_mut(),
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::alloc::{GlobalAlloc, Layout};
    use core::arch::wasm32::memory_grow;
    use core::cell::UnsafeCell;
    use core::ptr;

    use super::Heap;

    const PAGE: usize = 1 << 16;
    /// The least that is asked for, in pages.
    const LEAST: usize = 4;
    /// What is handed out first, in bytes. A usual call needs no more; to ask the host would take a twentieth of it.
    const FIRST: usize = 4 * PAGE;

    /// Memory that an instance has from the beginning, and of which a module holds nothing.
    #[repr(align(16))]
    struct First(UnsafeCell<[u8; FIRST]>);

    // SAFETY: the module has one thread.
    unsafe impl Sync for First {}

    static FIRST_MEMORY: First = First(UnsafeCell::new([0; FIRST]));

    struct Memory(UnsafeCell<Heap>);

    // SAFETY: the module has one thread.
    unsafe impl Sync for Memory {}

    #[global_allocator]
    static MEMORY: Memory = Memory(UnsafeCell::new(Heap::new()));

    impl Memory {
        #[allow(clippy::mut_from_ref, reason = "one thread, and no call of the heap makes another")]
        fn heap(&self) -> &mut Heap {
            // SAFETY: as the reason says.
            unsafe { &mut *self.0.get() }
        }
    }

    // SAFETY: blocks are as large and as aligned as asked, and nobody's twice: a test of the heap goes through both.
    unsafe impl GlobalAlloc for Memory {
        #[inline]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: what the linker and the host leave over is nobody else's.
            unsafe { self.heap().take(layout, &more) }
        }

        #[inline]
        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { self.heap().give(block, layout) }
        }

        #[inline]
        unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
            // SAFETY: the caller's promise.
            unsafe { self.heap().change(block, layout, bytes, &more) }
        }
    }

    /// What is there from the beginning, then further pages.
    fn more(bytes: usize, first: bool) -> Option<(*mut u8, usize)> {
        if first && bytes <= FIRST {
            return Some((FIRST_MEMORY.0.get().cast(), FIRST));
        }
        let pages = bytes.div_ceil(PAGE).max(LEAST);
        let before = memory_grow::<0>(pages);
        (before != usize::MAX).then(|| (ptr::with_exposed_provenance_mut(before * PAGE), pages * PAGE))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fresh memory, which is never given back.
    fn fresh(bytes: usize, _: bool) -> Option<(*mut u8, usize)> {
        let words = bytes.div_ceil(8) + 100;
        Some((Box::leak(vec![0_u64; words].into_boxed_slice()).as_mut_ptr().cast(), words * 8))
    }

    #[test]
    fn sizes_hold_what_is_asked_and_waste_a_quarter_at_most() {
        assert_eq!(
            [0, 1, 16, 17, 128, 129, 160, 161, 1 << 31].map(|bytes| size(bytes).1),
            [16, 16, 16, 32, 128, 160, 160, 192, 1 << 31]
        );
        assert_eq!(size(1 << 31).0, SIZES - 1);
        for bytes in 1..100_000 {
            let ((place, given), (next, _)) = (size(bytes), size(bytes + 1));
            assert!(given >= bytes && given % UNIT == 0 && given - bytes < UNIT.max(given / 4), "{bytes}");
            assert!(next == place || (next == place + 1 && given == bytes), "{bytes}");
        }
    }

    /// Whether the first `bytes` of `block` are all `mark`.
    fn holds(block: *mut u8, bytes: usize, mark: u8) -> bool {
        (0..bytes).all(|at| unsafe { block.add(at).read() } == mark)
    }

    proptest! {
        /// Blocks are aligned, keep what is written to them, and an instance that does the same again does not grow.
        #[test]
        fn blocks_are_nobody_else_s(
            steps in prop::collection::vec((0_usize..40, 1_usize..700, 0_u32..7), 1..80),
        ) {
            let mut heap = Heap::new();
            let grown = std::cell::Cell::new(0);
            let more = |bytes: usize, first: bool| {
                grown.set(grown.get() + 1);
                fresh(bytes, first)
            };
            let mut before = 0;
            for round in 0..12 {
                let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
                for (number, (which, bytes, align)) in steps.iter().enumerate() {
                    let mark = number as u8;
                    match blocks.get(*which).copied() {
                        None => {
                            let layout = Layout::from_size_align(*bytes, 1 << align).unwrap();
                            let block = unsafe { heap.take(layout, &more) };
                            prop_assert_eq!(block.addr() % layout.align(), 0);
                            unsafe { block.write_bytes(mark, *bytes) };
                            blocks.push((block, layout, mark));
                        }
                        Some((block, layout, old)) if bytes % 2 == 0 => {
                            let new = unsafe { heap.change(block, layout, *bytes, &more) };
                            let kept = layout.size().min(*bytes);
                            prop_assert!(holds(new, kept, old));
                            unsafe { new.write_bytes(old, *bytes) };
                            let layout = Layout::from_size_align(*bytes, layout.align()).unwrap();
                            blocks[*which] = (new, layout, old);
                        }
                        Some((block, layout, old)) => {
                            prop_assert!(holds(block, layout.size(), old));
                            unsafe { heap.give(block, layout) };
                            blocks.swap_remove(*which);
                        }
                    }
                }
                for (block, layout, mark) in blocks {
                    prop_assert!(holds(block, layout.size(), mark));
                    unsafe { heap.give(block, layout) };
                }
                if round == 10 {
                    before = grown.get();
                }
            }
            prop_assert_eq!(grown.get(), before);
        }
    }
}
