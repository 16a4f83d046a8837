//! What an update says of a field: nothing, or what it becomes.

/// What becomes of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field was left out: it stays.
    #[default]
    Stays,
    /// The field becomes this; a `null` is `Is(None)`.
    Is(T),
}

impl<T> Change<T> {
    /// What is given, if anything is.
    pub fn given(&self) -> Option<&T> {
        match self {
            Change::Stays => None,
            Change::Is(value) => Some(value),
        }
    }

    /// Makes the field what is given.
    pub(super) fn apply(self, field: &mut T) {
        if let Change::Is(value) = self {
            *field = value;
        }
    }
}

impl<T> From<Option<T>> for Change<T> {
    fn from(given: Option<T>) -> Change<T> {
        given.map_or(Change::Stays, Change::Is)
    }
}
