//! The cheapest way to give each row a column of its own (Kuhn, Munkres; by shortest augmenting paths).

/// The column of each row, so that the sum of costs is least. There are at least as many columns as rows.
pub(super) fn cheapest(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> i64) -> Vec<usize> {
    // Position 0 of each list stands for no row and no column.
    let mut row_price = vec![0_i64; rows + 1];
    let mut column_price = vec![0_i64; columns + 1];
    let mut row_of = vec![0_usize; columns + 1];
    for row in 1..=rows {
        if let Some(path) = augment(row, &mut row_of, (&mut row_price, &mut column_price), &cost) {
            turn(&mut row_of, &path);
        }
    }
    let mut chosen = vec![0; rows];
    for (column, row) in row_of.iter().enumerate().skip(1).filter(|(_, row)| **row > 0) {
        if let Some(own) = chosen.get_mut(row - 1) {
            *own = column - 1;
        }
    }
    chosen
}

/// The columns of a shortest path from `row` to a column without a row, last first.
fn augment(
    row: usize,
    row_of: &mut [usize],
    (row_price, column_price): (&mut [i64], &mut [i64]),
    cost: &impl Fn(usize, usize) -> i64,
) -> Option<Vec<usize>> {
    let count = row_of.len();
    let mut least = vec![i64::MAX; count];
    let mut before = vec![0_usize; count];
    let mut done = vec![false; count];
    *row_of.first_mut()? = row;
    let mut at = 0;
    loop {
        *done.get_mut(at)? = true;
        let own = *row_of.get(at)?;
        let mut next: Option<(i64, usize)> = None;
        for column in (1..count).filter(|column| done.get(*column) == Some(&false)).collect::<Vec<usize>>() {
            let reduced = cost(own - 1, column - 1) - row_price.get(own)? - column_price.get(column)?;
            if reduced < *least.get(column)? {
                *least.get_mut(column)? = reduced;
                *before.get_mut(column)? = at;
            }
            let reached = *least.get(column)?;
            if next.is_none_or(|(best, _)| reached < best) {
                next = Some((reached, column));
            }
        }
        let (step, column) = next?;
        for other in 0..count {
            if *done.get(other)? {
                *row_price.get_mut(*row_of.get(other)?)? += step;
                *column_price.get_mut(other)? -= step;
            } else if let Some(least) = least.get_mut(other).filter(|least| **least < i64::MAX) {
                *least -= step;
            }
        }
        at = column;
        if row_of.get(at) == Some(&0) {
            break;
        }
    }
    let mut path = vec![at];
    while at != 0 {
        at = *before.get(at)?;
        path.push(at);
    }
    Some(path)
}

/// Gives every column of the path the row of the column before it.
fn turn(row_of: &mut [usize], path: &[usize]) {
    for pair in path.windows(2) {
        if let [column, before] = pair {
            let row = row_of.get(*before).copied().unwrap_or(0);
            if let Some(own) = row_of.get_mut(*column) {
                *own = row;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least cost by trying every choice.
    fn least(rows: usize, columns: usize, cost: &dyn Fn(usize, usize) -> i64, taken: &mut Vec<usize>) -> i64 {
        if taken.len() == rows {
            return 0;
        }
        let row = taken.len();
        let mut best = i64::MAX;
        for column in 0..columns {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.min(cost(row, column) + least(rows, columns, cost, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn as_cheap_as_by_trying_everything() {
        for seed in 0..200_u64 {
            let cost = |row: usize, column: usize| {
                let mixed =
                    (seed * 31 + row as u64 * 7 + column as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                (mixed >> 59) as i64 - 16
            };
            let (rows, columns) = (1 + seed as usize % 4, 4 + seed as usize % 3);
            let chosen = cheapest(rows, columns, cost);
            let sum: i64 = chosen.iter().enumerate().map(|(row, column)| cost(row, *column)).sum();
            assert_eq!(sum, least(rows, columns, &cost, &mut Vec::new()), "seed {seed}: {chosen:?}");
            let mut once = chosen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), rows, "seed {seed}");
        }
    }
}
