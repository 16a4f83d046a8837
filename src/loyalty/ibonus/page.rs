//! A part of a list: `offset` and `limit`.

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many to skip \[D: counts from 0\].
    pub offset: usize,
    /// How many at most; none is all \[I\], 0 is an empty list \[I\].
    pub limit: Option<usize>,
}

impl Page {
    /// The page of this list.
    pub(super) fn of<T>(self, list: impl Iterator<Item = T>) -> Vec<T> {
        list.skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }
}
