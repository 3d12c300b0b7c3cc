//! What can be said of a condition.

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It hangs on something that is not known of the device.
    Unknown,
    /// It cannot be evaluated: it asks for a property that such a device does not have. Kubernetes does not
    /// allocate the device then.
    Fails,
}

impl Truth {
    /// Whether the device may be selected: nothing excludes it.
    #[must_use]
    pub const fn may_hold(self) -> bool {
        matches!(self, Truth::Yes | Truth::Unknown)
    }

    pub(super) const fn of(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }

    /// `!`
    pub(super) const fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown | Truth::Fails => self,
        }
    }

    /// `&&`: one side that does not hold settles it, whatever the other is.
    pub(super) const fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Fails, _) | (_, Truth::Fails) => Truth::Fails,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
        }
    }

    /// `||`: one side that holds settles it.
    pub(super) const fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// What holds of several values of which one is the real one.
    pub(super) fn of_any(each: impl Iterator<Item = Truth>) -> Truth {
        each.reduce(|all, one| if all == one { all } else { Truth::Unknown }).unwrap_or(Truth::Unknown)
    }
}
