//! What must always hold in the books, beside what an account checks of itself.

use std::collections::BTreeSet;

use super::Books;
use super::accounts::Account;
use super::checks::Check;
use super::ids::{AccountId, SessionId};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::Spent;
use crate::loyalty::time::Time;

/// Whose account it is about, what must hold and does not, the numbers.
pub type Violation = (AccountId, &'static str, String);

/// What is nobody's account's in particular.
const NOBODY: AccountId = AccountId(0);

impl Books {
    /// What is not as it must be, with the account it is about; nothing, unless there is a bug.
    pub fn violations(&self, now: Time) -> Vec<Violation> {
        let mut found = Vec::new();
        for account in self.accounts.values() {
            self.check_account(account, now, &mut found);
        }
        for check in self.checks.values() {
            self.check_check(check, &mut found);
        }
        self.check_sessions(now, &mut found);

        let accounts = || self.accounts.values();
        let identifiers = accounts().map(|account| account.identifiers.len()).sum();
        for (rule, rows, records) in [
            ("oneRowAPhone", self.by_phone.len(), accounts().filter(|it| it.phone.is_some()).count()),
            ("oneRowAnIdentifier", self.by_identifier.len(), identifiers),
            ("oneGroupAnAccount", self.by_group.len(), self.accounts.len()),
            ("oneDeadlineAnAccount", self.due.len(), accounts().filter(|it| it.next_due().is_some()).count()),
            (
                "oneRowACheck",
                self.checks_by_account.len(),
                self.checks.values().filter(|check| check.account.is_some()).count(),
            ),
        ] {
            if rows != records {
                found.push((NOBODY, rule, format!("{rows} rows, {records} records")));
            }
        }
        found
    }

    fn check_account(&self, account: &Account, now: Time, found: &mut Vec<Violation>) {
        let id = account.id;
        found.extend(account.points.violations(now).into_iter().map(|(rule, detail)| (id, rule, detail)));
        let mut check = |holds: bool, rule, detail: &dyn Fn() -> String| {
            if !holds {
                found.push((id, rule, detail()));
            }
        };
        check(account.points.held().is_zero(), "nothingHeld", &|| account.points.held().to_string());
        let due = account.next_due();
        check(due.is_none_or(|at| self.due.contains(&(at, id))), "everyDeadlineIsIndexed", &|| {
            format!("{due:?}")
        });
        let by_phone = account.phone.as_ref().map(|phone| self.by_phone.get(phone.number()));
        check(by_phone.is_none_or(|found| found == Some(&id)), "everyPhoneIsIndexed", &|| {
            format!("{:?}", account.phone)
        });
        for identifier in account.identifiers.iter() {
            let row = (identifier.value.clone(), identifier.type_id, id);
            check(self.by_identifier.contains(&row), "everyIdentifierIsIndexed", &|| {
                format!("{identifier:?}")
            });
            let kind = self.identifier_types.get(&identifier.type_id);
            check(kind.is_some(), "everyIdentifierHasItsType", &|| format!("{identifier:?}"));
            let alone = || self.other_owner(identifier.type_id, &identifier.value, Some(id)).is_none();
            let unique = kind.is_none_or(|kind| !kind.unique || alone());
            check(unique, "uniqueIdentifiers", &|| format!("{identifier:?}"));
        }
        let in_group =
            self.groups.contains_key(&account.group) && self.by_group.contains(&(account.group, id));
        check(in_group, "everyAccountHasItsGroup", &|| account.group.to_string());
        let known = account.discount.is_none_or(|discount| self.discounts.contains_key(&discount));
        check(known, "everyDiscountIsThere", &|| format!("{:?}", account.discount));
        let (turnover, peak) = (account.turnover, account.turnover_peak);
        check(!turnover.is_negative() && turnover <= peak, "turnoverUnderItsPeak", &|| {
            format!("turnover {turnover}, peak {peak}")
        });
        for coupon in account.coupons.iter() {
            let alive = coupon.deadline().is_some_and(|at| at <= now);
            check(!alive, "noExpiredCouponAlive", &|| format!("{coupon:?}"));
        }
        if !account.notes.is_empty() {
            let entries: BTreeSet<u64> = account.points.entries().newest_first().map(|it| it.id).collect();
            let lost = account.notes.keys().find(|entry| !entries.contains(entry));
            check(lost.is_none(), "everyNoteHasItsEntry", &|| format!("{lost:?}"));
        }
    }

    fn check_check(&self, it: &Check, found: &mut Vec<Violation>) {
        let account = it.account.unwrap_or(NOBODY);
        let mut check = |holds: bool, rule| {
            if !holds {
                found.push((account, rule, format!("check {}: {it:?}", it.id)));
            }
        };
        check(it.account.is_none_or(|id| self.accounts.contains_key(&id)), "everyCheckHasItsAccount");
        check(
            it.account.is_none_or(|id| self.checks_by_account.contains(&(id, it.id))),
            "everyCheckIsIndexed",
        );
        check(!it.money_paid().is_negative(), "notMorePaidThanTotal");
        let left = it.effects.spent.as_ref().map_or(Amount::ZERO, Spent::left);
        check(left <= it.bonus_paid, "notMoreGivenBackThanPaid");
    }

    fn check_sessions(&self, now: Time, found: &mut Vec<Violation>) {
        let sessions = &self.sessions;
        let mut check = |holds: bool, rule, session: SessionId| {
            if !holds {
                found.push((NOBODY, rule, format!("session {session}")));
            }
        };
        for (id, session) in &sessions.all {
            let due = session.next_due();
            check(due.is_some_and(|at| at > now), "noExpiredTokenAlive", *id);
            check(due.is_some_and(|at| sessions.due.contains(&(at, *id))), "everySessionIsIndexed", *id);
            let found = sessions.by_access.get(&session.access.text) == Some(id)
                && sessions.by_refresh.get(&session.refresh.text) == Some(id);
            check(found, "everyTokenIsIndexed", *id);
            check(self.users.contains_key(&session.user), "everySessionHasItsUser", *id);
        }
        let count = sessions.all.len();
        for rows in [sessions.due.len(), sessions.by_access.len(), sessions.by_refresh.len()] {
            check(rows == count, "oneRowASession", SessionId(0));
        }
    }
}
