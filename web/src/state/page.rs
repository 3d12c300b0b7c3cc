//! The pages behind the links of the header.

/// One page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// One model sized.
    #[default]
    Size,
    /// Several models side by side.
    Compare,
    /// A fleet cut for many models.
    Plan,
    /// A manifest reviewed.
    Policy,
    /// How it is worked out.
    Docs,
}

impl Page {
    /// Every page, in the order of the header.
    pub const ALL: [Page; 5] = [Page::Size, Page::Compare, Page::Plan, Page::Policy, Page::Docs];

    /// The word in a link. Never changed: old links keep working.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Page::Size => "size",
            Page::Compare => "compare",
            Page::Plan => "plan",
            Page::Policy => "policy",
            Page::Docs => "docs",
        }
    }

    /// The page of a word in a link, where there is one.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Page> {
        Page::ALL.into_iter().find(|page| page.key() == key)
    }
}
