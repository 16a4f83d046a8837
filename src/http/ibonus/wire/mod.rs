//! i-bonus.me's shapes as they are on the wire, a file a resource: requests are read into the rules' orders,
//! records are shown as they lie, without copies.

pub(super) mod clients;
pub(super) mod contact_info;
pub(super) mod coupons;
pub(super) mod holds;
pub(super) mod orders;
pub(super) mod sale_points;
pub(super) mod settings;
pub(super) mod templates;
pub(super) mod users;

use serde::{Serialize, Serializer};

use super::parameters::Parameters;
use crate::loyalty::ibonus::find::Customer;

/// A list of records, each shown as it goes out.
pub(super) struct List<'a, T, W>(pub(super) &'a [T], pub(super) fn(&'a T) -> W);

impl<T, W: Serialize> Serialize for List<'_, T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// Who is meant: `phone` and `email` of a query.
pub(super) struct Contact {
    phone: Option<String>,
    email: Option<String>,
}

impl Contact {
    fn of(query: &Parameters) -> Contact {
        Contact { phone: query.text("phone"), email: query.text("email") }
    }

    pub(super) fn as_customer(&self) -> Customer<'_> {
        Customer { phone: self.phone.as_deref(), email: self.email.as_deref() }
    }
}
