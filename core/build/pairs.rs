//! Text as pairs: the pair of symbols that stands most often beside each other becomes a symbol of its own, until no
//! pair is worth that (Larsson and Moffat, Off-line dictionary-based compression, 2000). All texts share the symbols,
//! so that a short one is unpacked alone, and unpacking is nothing but putting in what a symbol stands for.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A pair that stands less often costs more than it saves: 4 bytes for its row, 2 saved each time.
const LEAST: usize = 4;
/// What stands between two texts.
const WALL: u32 = u32::MAX;
/// The longest text that stands in a row itself.
const INLINE: usize = 3;

/// Packed texts.
pub(crate) struct Packed {
    /// What each symbol stands for: a text of up to three bytes, the first of them lowest and their number above all,
    /// or two other symbols. The symbols that are used most come first.
    pub(crate) rows: Vec<u32>,
    /// How many symbols, from the first, are written as one byte; the others as two.
    pub(crate) short: usize,
    /// The texts.
    pub(crate) texts: Vec<Vec<u8>>,
}

/// A row of symbols with neighbours that stay known as symbols go.
struct Chain {
    symbols: Vec<u32>,
    before: Vec<usize>,
    after: Vec<usize>,
    places: HashMap<(u32, u32), Vec<usize>>,
}

impl Chain {
    fn new(texts: &[String]) -> Chain {
        let mut symbols = vec![WALL];
        for text in texts {
            symbols.extend(text.bytes().map(u32::from));
            symbols.push(WALL);
        }
        let length = symbols.len();
        let before = (0..length).map(|at| at.saturating_sub(1)).collect();
        let after = (0..length).map(|at| (at + 1).min(length - 1)).collect();
        let mut chain = Chain { symbols, before, after, places: HashMap::new() };
        for at in 0..length - 1 {
            chain.note(at);
        }
        chain
    }

    /// The pair that begins at `at`, unless it holds a wall.
    fn pair(&self, at: usize) -> Option<(u32, u32)> {
        let pair = (self.symbols[at], self.symbols[self.after[at]]);
        (pair.0 != WALL && pair.1 != WALL).then_some(pair)
    }

    fn note(&mut self, at: usize) -> Option<(u32, u32)> {
        let pair = self.pair(at)?;
        self.places.entry(pair).or_default().push(at);
        Some(pair)
    }

    /// Where `pair` stands now.
    fn standing(&mut self, pair: (u32, u32)) -> Vec<usize> {
        let mut places = self.places.remove(&pair).unwrap_or_default();
        places.retain(|at| self.pair(*at) == Some(pair));
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Puts `symbol` where `pair` stands, and returns the pairs that it makes.
    fn replace(&mut self, pair: (u32, u32), places: &[usize], symbol: u32) -> Vec<(u32, u32)> {
        let mut made = Vec::new();
        for at in places.iter().copied() {
            // Overlapping places, as of `aa` in `aaa`, are gone with the one before.
            if self.pair(at) != Some(pair) {
                continue;
            }
            let gone = self.after[at];
            let next = self.after[gone];
            self.symbols[at] = symbol;
            self.symbols[gone] = WALL;
            self.after[at] = next;
            self.before[next] = at;
            made.extend(self.note(self.before[at]));
            made.extend(self.note(at));
        }
        made.sort_unstable();
        made.dedup();
        made
    }
}

/// Packs `texts`.
pub(crate) fn pack(texts: &[String]) -> Packed {
    let mut chain = Chain::new(texts);
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut queue: BinaryHeap<(usize, Reverse<(u32, u32)>)> =
        chain.places.iter().map(|(pair, places)| (places.len(), Reverse(*pair))).collect();
    while let Some((count, Reverse(pair))) = queue.pop() {
        let places = chain.standing(pair);
        if places.len() < count {
            queue.push((places.len(), Reverse(pair)));
            chain.places.insert(pair, places);
            continue;
        }
        if count < LEAST {
            break;
        }
        let symbol = 256 + pairs.len() as u32;
        pairs.push(pair);
        for made in chain.replace(pair, &places, symbol) {
            queue.push((chain.places.get(&made).map_or(0, Vec::len), Reverse(made)));
        }
    }
    written(&chain, &pairs)
}

/// The text that each symbol stands for, where it stands in its row.
fn inline(pairs: &[(u32, u32)]) -> Vec<Option<Vec<u8>>> {
    let mut texts: Vec<Option<Vec<u8>>> = (0..=u8::MAX).map(|byte| Some(vec![byte])).collect();
    for (left, right) in pairs {
        let both = texts[*left as usize].iter().chain(&texts[*right as usize]).flatten();
        let text: Vec<u8> = both.copied().collect();
        let whole = texts[*left as usize].is_some() && texts[*right as usize].is_some();
        texts.push((whole && text.len() <= INLINE).then_some(text));
    }
    texts
}

/// Numbers the symbols anew, those first that are used most, and writes the texts with them.
fn written(chain: &Chain, pairs: &[(u32, u32)]) -> Packed {
    let inline = inline(pairs);
    let mut uses = vec![0_usize; 256 + pairs.len()];
    let mut texts: Vec<Vec<u32>> = Vec::new();
    let mut at = 0;
    while at + 1 < chain.symbols.len() {
        match chain.symbols[at] {
            WALL => texts.push(Vec::new()),
            symbol => {
                uses[symbol as usize] += 1;
                texts.last_mut().into_iter().for_each(|text| text.push(symbol));
            }
        }
        at = chain.after[at];
    }
    // A symbol of another that is used itself: from the last made to the first.
    for (pair, (left, right)) in pairs.iter().enumerate().rev() {
        if uses[256 + pair] > 0 && inline[256 + pair].is_none() {
            uses[*left as usize] += 1;
            uses[*right as usize] += 1;
        }
    }
    let mut order: Vec<usize> = (0..uses.len()).filter(|symbol| uses[*symbol] > 0).collect();
    order.sort_by_key(|symbol| (Reverse(uses[*symbol]), *symbol));
    assert!(order.len() < 1 << 15, "a row has room for two numbers of fifteen bits");
    let mut rank = vec![0_u32; uses.len()];
    for (place, symbol) in order.iter().enumerate() {
        rank[*symbol] = place as u32;
    }
    let row = |symbol: &usize| match &inline[*symbol] {
        Some(text) => {
            let bytes = text.iter().rev().fold(0, |row, byte| row << 8 | u32::from(*byte));
            (text.len() as u32) << 30 | bytes
        }
        None => {
            let (left, right) = pairs[*symbol - 256];
            rank[left as usize] << 15 | rank[right as usize]
        }
    };
    // Every first byte that is no symbol of its own leads to 256 others.
    let short = (0..256).rev().find(|short| short + (256 - short) * 256 >= order.len()).unwrap_or(0);
    let code = |symbol: &u32| {
        let rank = rank[*symbol as usize] as usize;
        match rank.checked_sub(short) {
            None => vec![rank as u8],
            Some(long) => vec![(short + long / 256) as u8, (long % 256) as u8],
        }
    };
    Packed {
        rows: order.iter().map(row).collect(),
        short,
        texts: texts.iter().map(|text| text.iter().flat_map(code).collect()).collect(),
    }
}
