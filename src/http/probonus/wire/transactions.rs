//! How a balance changed.

use serde::{Serialize, Serializer};

use super::Moment;
use crate::http::probonus::fields::moments::GivenPeriod;
use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::accounts::transactions::{Transaction, TransactionsQuery};
use crate::loyalty::probonus::calendar::UtcOffset;
use crate::loyalty::probonus::ids::AccountId;

pub(in crate::http::probonus) struct GivenQuery {
    pub(in crate::http::probonus) account: AccountId,
    period: GivenPeriod,
    count: Option<usize>,
}

impl GivenQuery {
    pub(in crate::http::probonus) fn at(&self, offset: UtcOffset) -> TransactionsQuery {
        TransactionsQuery { period: self.period.at(offset), count: self.count }
    }
}

pub(in crate::http::probonus) fn query(fields: &Fields<'_, '_>) -> Option<GivenQuery> {
    let account = fields.required("accountId", kinds::id);
    let period = GivenPeriod::read(fields);
    let count = fields.optional("count", kinds::count);
    Some(GivenQuery { account: account?, period: period?, count: count? })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTransaction<'a> {
    id: u64,
    account_id: u64,
    date: Moment,
    r#type: &'static str,
    amount: Amount,
    balance: Amount,
    comment: Option<&'a str>,
    check_id: Option<u64>,
}

/// The transactions, on clocks that are this far ahead of UTC.
pub(in crate::http::probonus) fn list(
    transactions: &[Transaction],
    offset: UtcOffset,
) -> impl Serialize + '_ {
    struct Transactions<'a>(&'a [Transaction], UtcOffset);
    impl Serialize for Transactions<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0.iter().map(|transaction| wire(transaction, self.1)))
        }
    }
    Transactions(transactions, offset)
}

fn wire(transaction: &Transaction, offset: UtcOffset) -> WireTransaction<'_> {
    WireTransaction {
        id: transaction.id,
        account_id: transaction.account.0,
        date: Moment { at: transaction.date, offset },
        r#type: transaction.kind.name(),
        amount: transaction.amount,
        balance: transaction.balance,
        comment: transaction.comment.as_deref(),
        check_id: transaction.check.map(u64::from),
    }
}
