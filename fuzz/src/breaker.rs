//! Broken copies of what is right, the same ones in every run.

/// A small generator of numbers (xorshift64*).
#[derive(Clone, Copy, Debug)]
pub struct Dice(u64);

/// Pieces that readers stumble over.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"9007199254740993",
    b"NaN",
    b"Infinity",
    b"\\u0000",
    b"\xff\xfe",
    b"\xf0\x9f\xa6\x80",
    b"\n",
    b"- ",
    b"&a ",
    b"*a",
    b"<<: ",
    b"re:(",
    b"mig-",
    b"1g.5gb",
    b"@",
    b"+me",
    b"%",
    b"Gi",
    b"=",
    b"--",
    b"$(",
    b"{{",
    b" ",
];

impl Dice {
    /// Always the same numbers for the same `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    /// A number below `sides`, which is not 0.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides.max(1)
    }

    /// `whole` with one to four things broken: cut, doubled, overwritten, spliced.
    pub fn broken(&mut self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        for _ in 0..=self.roll(4) {
            let at = self.roll(bytes.len() + 1);
            let end = (at + self.roll(40)).min(bytes.len());
            match self.roll(6) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
                3 => bytes[at..end].fill(b"0{[\" "[self.roll(5)]),
                4 if at < bytes.len() => bytes[at] ^= 1 << self.roll(8),
                _ => drop(bytes.splice(at..at, PIECES[self.roll(PIECES.len())].iter().copied())),
            }
        }
        bytes
    }
}
