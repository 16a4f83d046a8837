//! Reports.

use chrono::NaiveDate;
use serde::Serialize;

use crate::http::probonus::fields::moments::GivenPeriod;
use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::calendar::UtcOffset;
use crate::loyalty::probonus::ids::GroupId;
use crate::loyalty::probonus::reports::{
    AccountsTotal, Balances, Burning, ReportQuery, Transactions, TransactionsTotal,
};

pub(in crate::http::probonus) struct GivenQuery {
    group: Option<GroupId>,
    period: GivenPeriod,
}

impl GivenQuery {
    pub(in crate::http::probonus) fn at(&self, offset: UtcOffset) -> ReportQuery {
        ReportQuery { group: self.group, period: self.period.at(offset) }
    }
}

pub(in crate::http::probonus) fn query(fields: &Fields<'_, '_>) -> Option<GivenQuery> {
    let (group, period) = (fields.optional("accountGroupId", kinds::id), GivenPeriod::read(fields));
    Some(GivenQuery { group: group?, period: period? })
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct WireBalances<'a> {
    groups: Vec<WireGroup<'a>>,
    total: BalanceTotal,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireGroup<'a> {
    account_group_id: u64,
    name: &'a str,
    #[serde(flatten)]
    of_it: BalanceTotal,
}

#[derive(Serialize)]
struct BalanceTotal {
    accounts: usize,
    balance: Amount,
}

impl From<AccountsTotal> for BalanceTotal {
    fn from(total: AccountsTotal) -> BalanceTotal {
        BalanceTotal { accounts: total.accounts, balance: total.amount }
    }
}

pub(in crate::http::probonus) fn balances(report: &Balances) -> WireBalances<'_> {
    let groups = report.groups.iter().map(|group| WireGroup {
        account_group_id: group.group.0,
        name: &group.name,
        of_it: group.of_it.into(),
    });
    WireBalances { groups: groups.collect(), total: report.total.into() }
}

/// Rows and their total.
#[derive(Serialize)]
pub(in crate::http::probonus) struct WireReport<R, T> {
    rows: Vec<R>,
    total: T,
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct WireTransactions {
    r#type: &'static str,
    #[serde(flatten)]
    of_it: CountTotal,
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct CountTotal {
    count: usize,
    amount: Amount,
}

impl From<TransactionsTotal> for CountTotal {
    fn from(total: TransactionsTotal) -> CountTotal {
        CountTotal { count: total.count, amount: total.amount }
    }
}

pub(in crate::http::probonus) fn transactions(
    report: &Transactions,
) -> WireReport<WireTransactions, CountTotal> {
    let row = |row: &crate::loyalty::probonus::reports::TransactionsRow| WireTransactions {
        r#type: row.kind.name(),
        of_it: row.of_it.into(),
    };
    WireReport { rows: report.rows.iter().map(row).collect(), total: report.total.into() }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireBurning {
    burn_date: NaiveDate,
    #[serde(flatten)]
    of_it: BurningTotal,
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct BurningTotal {
    accounts: usize,
    amount: Amount,
}

impl From<AccountsTotal> for BurningTotal {
    fn from(total: AccountsTotal) -> BurningTotal {
        BurningTotal { accounts: total.accounts, amount: total.amount }
    }
}

pub(in crate::http::probonus) fn burning(report: &Burning) -> WireReport<WireBurning, BurningTotal> {
    let rows =
        report.rows.iter().map(|row| WireBurning { burn_date: row.burn_date, of_it: row.of_it.into() });
    WireReport { rows: rows.collect(), total: report.total.into() }
}
