//! Placeholder room.

fn main() {}
