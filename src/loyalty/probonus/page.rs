//! A part of a list: `offset` and `limit`.

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many to skip.
    pub offset: usize,
    /// How many at most; 0 is an empty list \[I\].
    pub limit: usize,
}

/// The first hundred.
impl Default for Page {
    fn default() -> Page {
        Page { offset: 0, limit: 100 }
    }
}

impl Page {
    /// The page of this list.
    pub(super) fn of<T>(self, list: impl Iterator<Item = T>) -> Vec<T> {
        list.skip(self.offset).take(self.limit).collect()
    }
}
