//! How the table of devices is shown.

/// A column that the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The order of the catalog.
    Device,
    /// Memory of the device.
    Memory,
    /// Memory needed on it.
    Need,
    /// Fits, tight, no.
    Verdict,
    /// What is left, what is missing.
    Spare,
    /// Most sequences.
    Sequences,
    /// Longest context.
    Context,
}

impl Column {
    /// Every column, from left to right.
    pub const ALL: [Column; 7] = [
        Column::Device,
        Column::Memory,
        Column::Need,
        Column::Verdict,
        Column::Spare,
        Column::Sequences,
        Column::Context,
    ];

    /// The word in a link.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Column::Device => "device",
            Column::Memory => "memory",
            Column::Need => "need",
            Column::Verdict => "verdict",
            Column::Spare => "spare",
            Column::Sequences => "sequences",
            Column::Context => "context",
        }
    }
}

/// How the table is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is sorted by.
    pub column: Column,
    /// Whether the largest stands first.
    pub descending: bool,
    /// Only devices whose label, resource or reason holds this text.
    pub filter: String,
    /// Only devices that hold the model.
    pub fitting: bool,
    /// Whether memory is shown to the byte.
    pub exact: bool,
}

impl Default for Table {
    fn default() -> Table {
        Table {
            column: Column::Device,
            descending: false,
            filter: String::new(),
            fitting: false,
            exact: false,
        }
    }
}

impl Table {
    /// The same table sorted by `column`; turned round where it was already.
    #[must_use]
    pub fn sorted_by(&self, column: Column) -> Table {
        let descending = self.column == column && !self.descending;
        Table { column, descending, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_column_twice_turns_the_order_round() {
        let once = Table::default().sorted_by(Column::Spare);
        assert_eq!((once.column, once.descending), (Column::Spare, false));
        assert!(once.sorted_by(Column::Spare).descending);
        assert!(!once.sorted_by(Column::Memory).descending);
    }
}
