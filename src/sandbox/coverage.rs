//! How often each operation of a sandbox was called, and each refusal given: what a test run never did is what it never
//! tested. Counts since the sandbox was made; a reset does not take them back.

use std::collections::BTreeMap;

use super::journal::entry::Called;

/// The counts of a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// By the operation's place among all.
    operations: Vec<u64>,
    refusals: BTreeMap<(u16, &'static str), u64>,
}

impl Coverage {
    /// Counts a call, and the refusal it was answered with.
    pub fn hit(&mut self, called: Called, refusal: Option<&'static str>) {
        let Some((_, number)) = called.operation else {
            return;
        };
        let place = usize::from(number);
        if self.operations.len() <= place {
            self.operations.resize(place + 1, 0);
        }
        self.operations[place] += 1;
        if let Some(refusal) = refusal {
            *self.refusals.entry((number, refusal)).or_default() += 1;
        }
    }

    /// How often an operation was called.
    pub fn of_operation(&self, number: u16) -> u64 {
        self.operations.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// The refusals that an operation gave, by name, each with how often it did.
    pub fn refusals_of(&self, number: u16) -> impl Iterator<Item = (&'static str, u64)> {
        let of_it = self.refusals.range((number, "")..);
        let of_it = of_it.take_while(move |((other, _), _)| *other == number);
        of_it.map(|((_, name), hits)| (*name, *hits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_refusals_are_counted_by_operation() {
        let called = |number| Called { api: None, operation: Some(("", number)) };
        let mut coverage = Coverage::default();
        coverage.hit(called(2), None);
        coverage.hit(called(2), Some("clientNotFound"));
        coverage.hit(called(2), Some("clientNotFound"));
        coverage.hit(called(3), Some("pointNotFound"));
        coverage.hit(Called { api: None, operation: None }, None);
        assert_eq!([0, 2, 3, 9].map(|number| coverage.of_operation(number)), [0, 3, 1, 0]);
        assert_eq!(coverage.refusals_of(2).collect::<Vec<_>>(), [("clientNotFound", 2)]);
        assert_eq!(coverage.refusals_of(1).count(), 0);
    }
}
