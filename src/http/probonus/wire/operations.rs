//! Points given and taken by hand.

use serde::Serialize;

use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::accounts::find::Whose;
use crate::loyalty::probonus::accounts::points::{Operated, Operation};
use crate::loyalty::probonus::ids::AccountId;

/// What is given or taken, and what is said with it.
pub(in crate::http::probonus) struct GivenOperation {
    amount: Amount,
    comment: Option<String>,
    burn_days: Option<u32>,
}

impl GivenOperation {
    pub(in crate::http::probonus) fn as_order(&self) -> Operation<'_> {
        let comment = self.comment.as_deref();
        Operation { amount: self.amount, comment, burn_days: self.burn_days }
    }
}

pub(super) fn given(fields: &Fields<'_, '_>) -> Option<GivenOperation> {
    let amount = fields.required("amount", kinds::points);
    let comment = fields.optional("comment", kinds::text);
    let burn_days = fields.optional("burnDays", kinds::lifetime);
    Some(GivenOperation { amount: amount?, comment: comment?, burn_days: burn_days? })
}

/// Whose account it is.
pub(in crate::http::probonus) enum GivenAccount {
    Id(AccountId),
    Phone(String),
}

impl GivenAccount {
    pub(in crate::http::probonus) fn as_order(&self) -> Whose<'_> {
        match self {
            GivenAccount::Id(id) => Whose::Id(*id),
            GivenAccount::Phone(phone) => Whose::Phone(phone),
        }
    }
}

/// An account's; of an id and a phone the id counts \[I\].
pub(in crate::http::probonus) fn of_account(
    fields: &Fields<'_, '_>,
) -> Option<(GivenAccount, GivenOperation)> {
    let (id, phone) = (fields.optional("accountId", kinds::id), fields.optional("phone", kinds::text));
    let account = match (id, phone) {
        (Some(Some(id)), Some(_)) => Some(GivenAccount::Id(id)),
        (Some(None), Some(Some(phone))) => Some(GivenAccount::Phone(phone)),
        (Some(None), Some(None)) => fields.missing("accountId"),
        _ => None,
    };
    let operation = given(fields);
    Some((account?, operation?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireOperated {
    transaction_id: u64,
    balance: Amount,
}

pub(in crate::http::probonus) fn operated(operated: Operated) -> WireOperated {
    WireOperated { transaction_id: operated.transaction, balance: operated.balance }
}
