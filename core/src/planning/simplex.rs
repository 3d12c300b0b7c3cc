//! Linear programs in whole numbers: no rounding, so that what is proved is proved.
//!
//! The dictionary keeps all entries over one common denominator, and every division in a pivot is exact
//! (Edmonds; the integer pivoting of Azulay and Pique).

/// A maximum of `objective · x` over `x >= 0` with `row · x <= limit` for every row; limits are not negative.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) objective: Vec<i128>,
    pub(super) rows: Vec<(Vec<i128>, i128)>,
}

/// The best `x` and the price of each row, all over one denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Optimum {
    pub(super) denominator: i128,
    pub(super) x: Vec<i128>,
    pub(super) prices: Vec<i128>,
}

struct Dictionary {
    denominator: i128,
    /// Each row: what it says of its basic variable, limit first.
    rows: Vec<Vec<i128>>,
    /// Value first.
    objective: Vec<i128>,
    basic: Vec<usize>,
    free: Vec<usize>,
}

/// After so many pivots without gain the entering variable is chosen by Bland's rule, which cannot cycle.
const PATIENCE: u32 = 30;

impl Program {
    /// The optimum; `None` where the program has none, a number outgrows 128 bits, or `most` pivots do not reach it.
    pub(super) fn solve(&self, most: u32) -> Option<Optimum> {
        let width = self.objective.len();
        let mut rows = Vec::new();
        for (row, limit) in &self.rows {
            let mut full = vec![*limit];
            full.extend(row.iter().copied().chain(core::iter::repeat(0)).take(width));
            rows.push(full);
        }
        let mut objective = vec![0];
        objective.extend(&self.objective);
        let mut dictionary = Dictionary {
            denominator: 1,
            objective,
            basic: (width..width + rows.len()).collect(),
            free: (0..width).collect(),
            rows,
        };
        dictionary.climb(most)?;
        Some(dictionary.read(width))
    }
}

impl Dictionary {
    fn climb(&mut self, most: u32) -> Option<()> {
        let mut idle = 0;
        for _ in 0..most {
            let Some(column) = self.entering(idle >= PATIENCE) else { return Some(()) };
            let row = self.leaving(column)?;
            let stays = self.rows.get(row)?.first()? == &0;
            idle = if stays { idle + 1 } else { 0 };
            self.pivot(row, column)?;
        }
        None
    }

    /// The column that gains most, or by Bland's rule the gaining one of the lowest variable.
    fn entering(&self, bland: bool) -> Option<usize> {
        let gains = self.objective.iter().enumerate().skip(1).filter(|(_, gain)| **gain > 0);
        let variable = |column: usize| self.free.get(column - 1).copied().unwrap_or(usize::MAX);
        let best = if bland {
            gains.min_by_key(|(column, _)| variable(*column))
        } else {
            gains.max_by_key(|(column, gain)| (**gain, core::cmp::Reverse(variable(*column))))
        };
        best.map(|(column, _)| column)
    }

    /// The row that limits the entering variable first.
    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(i128, i128, usize, usize)> = None;
        for (at, row) in self.rows.iter().enumerate() {
            let (limit, slope) = (*row.first()?, *row.get(column)?);
            if slope <= 0 {
                continue;
            }
            let variable = *self.basic.get(at)?;
            let better = match best {
                None => true,
                Some((other, steep, known, _)) => {
                    let (left, right) = (limit.checked_mul(steep)?, other.checked_mul(slope)?);
                    left < right || (left == right && variable < known)
                }
            };
            if better {
                best = Some((limit, slope, variable, at));
            }
        }
        best.map(|(.., at)| at)
    }

    fn pivot(&mut self, row: usize, column: usize) -> Option<()> {
        let pivot_row = self.rows.get(row)?.clone();
        let pivot = *pivot_row.get(column)?;
        let denominator = self.denominator;
        for (at, other) in self.rows.iter_mut().enumerate() {
            if at != row {
                eliminate(other, &pivot_row, column, denominator, -1)?;
            }
        }
        eliminate(&mut self.objective, &pivot_row, column, denominator, 1)?;
        *self.rows.get_mut(row)?.get_mut(column)? = denominator;
        self.denominator = pivot;
        core::mem::swap(self.basic.get_mut(row)?, self.free.get_mut(column - 1)?);
        Some(())
    }

    fn read(&self, width: usize) -> Optimum {
        let count = width + self.rows.len();
        let mut values = vec![0; count];
        for (variable, row) in self.basic.iter().zip(&self.rows) {
            if let (Some(value), Some(found)) = (values.get_mut(*variable), row.first()) {
                *value = *found;
            }
        }
        let mut prices = vec![0; count];
        for (variable, gain) in self.free.iter().zip(self.objective.iter().skip(1)) {
            if let Some(price) = prices.get_mut(*variable) {
                *price = -gain;
            }
        }
        values.truncate(width);
        Optimum { denominator: self.denominator, x: values, prices: prices.split_off(width) }
    }
}

/// One row after a pivot. A row of the dictionary reads `basic = limit - row · x`, the objective
/// `value + row · x`: hence the sign of its first entry.
fn eliminate(
    row: &mut [i128],
    pivot_row: &[i128],
    column: usize,
    denominator: i128,
    sign: i128,
) -> Option<()> {
    let pivot = *pivot_row.get(column)?;
    let factor = *row.get(column)?;
    if factor == 0 {
        if pivot != denominator {
            for entry in row.iter_mut() {
                *entry = entry.checked_mul(pivot)?.checked_div(denominator)?;
            }
        }
        return Some(());
    }
    for (at, (entry, other)) in row.iter_mut().zip(pivot_row).enumerate() {
        if at == column {
            *entry = factor.checked_neg()?;
            continue;
        }
        let sign = if at == 0 { sign } else { -1 };
        let product = factor.checked_mul(*other)?.checked_mul(sign)?;
        *entry = entry.checked_mul(pivot)?.checked_add(product)?.checked_div(denominator)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(objective: &[i128], rows: &[(&[i128], i128)]) -> Program {
        Program {
            objective: objective.to_vec(),
            rows: rows.iter().map(|(row, limit)| (row.to_vec(), *limit)).collect(),
        }
    }

    #[test]
    fn a_textbook_program() {
        // Chvátal, Linear Programming, chapter 2: the optimum is 13 at (2, 0, 1).
        let program = program(&[5, 4, 3], &[(&[2, 3, 1], 5), (&[4, 1, 2], 11), (&[3, 4, 2], 8)]);
        let found = program.solve(100).unwrap();
        let over = found.denominator;
        assert_eq!(found.x, [2 * over, 0, over]);
        assert_eq!(found.prices, [over, 0, over]);
    }

    #[test]
    fn fractions_are_exact() {
        let found = program(&[1, 1], &[(&[3, 1], 1), (&[1, 3], 1)]).solve(100).unwrap();
        assert_eq!((found.x[0] * 4, found.x[1] * 4), (found.denominator, found.denominator));
    }

    #[test]
    fn a_program_without_a_limit_has_no_optimum() {
        assert_eq!(program(&[1, 0], &[(&[-1, 1], 1)]).solve(100), None);
    }

    #[test]
    fn a_degenerate_program_that_cycles_by_the_largest_gain() {
        // Beale's example, scaled to whole numbers: the optimum is 1/20.
        let program = program(
            &[75, -15000, 2, -600],
            &[(&[25, -6000, -4, 900], 0), (&[50, -9000, -2, 300], 0), (&[0, 0, 1, 0], 1)],
        );
        let found = program.solve(1000).unwrap();
        let value: i128 = found.x.iter().zip(&program.objective).map(|(x, c)| x * c).sum();
        assert_eq!(value, 5 * found.denominator);
    }
}
