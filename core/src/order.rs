//! Sorting in one function for all types: the standard library's is as fast as can be and brings four kilobytes
//! along for each type of element, of which a WebAssembly module has a dozen. Maps that are collected, or made of an
//! array, bring it along as well.

use core::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts `list`; what compares as equal keeps its order.
pub fn sort_by<T>(list: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let places = places(list.len(), &mut |a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b) == Ordering::Greater,
        (None, _) | (_, None) => false,
    });
    let mut taken: Vec<Option<T>> = Vec::with_capacity(list.len());
    taken.extend(list.drain(..).map(Some));
    list.extend(places.into_iter().filter_map(|place| taken.get_mut(place)?.take()));
}

/// Sorts `list` by itself.
pub fn sort<T: Ord>(list: &mut Vec<T>) {
    sort_by(list, T::cmp);
}

/// Sorts `list` by a key that is worked out at each comparison.
pub fn sort_by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// A map of `items`, put in one by one.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in items {
        map.insert(key, value);
    }
    map
}

/// A set of `items`, put in one by one.
pub fn set<K: Ord>(items: impl IntoIterator<Item = K>) -> BTreeSet<K> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// The places of `count` things in order: a merge from the bottom up.
fn places(count: usize, follows: &mut dyn FnMut(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    let mut width = 1_usize;
    while width < count {
        let mut into = Vec::with_capacity(count);
        for pair in from.chunks(width.saturating_mul(2)) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, follows, &mut into);
        }
        from = into;
        width = width.saturating_mul(2);
    }
    from
}

fn merge(
    mut left: &[usize],
    mut right: &[usize],
    follows: &mut dyn FnMut(usize, usize) -> bool,
    into: &mut Vec<usize>,
) {
    while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
        if follows(*a, *b) {
            into.push(*b);
            right = right_rest;
        } else {
            into.push(*a);
            left = left_rest;
        }
    }
    into.extend_from_slice(left);
    into.extend_from_slice(right);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(list in prop::collection::vec((0_u8..20, any::<u16>()), 0..200)) {
            let (mut ours, mut theirs) = (list.clone(), list);
            sort_by_key(&mut ours, |pair| pair.0);
            theirs.sort_by_key(|pair| pair.0);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}
