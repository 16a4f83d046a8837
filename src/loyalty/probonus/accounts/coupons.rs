//! Coupons of accounts: they are read, and are over after their last day. Only a fixture gives any \[I\].

use std::sync::Arc;

use chrono::NaiveDate;

use super::super::calendar::Calendar;
use super::super::ids::CouponId;
use super::Account;
use crate::loyalty::time::Time;

/// A coupon of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// The id.
    pub id: CouponId,
    /// What it is called.
    pub name: Box<str>,
    /// What is said at the till.
    pub code: Option<Box<str>>,
    /// The last day on which it is good; none is for ever.
    pub valid_until: Option<NaiveDate>,
    /// When it is over: at the day change after its last day \[I\].
    pub(in super::super) expires_at: Option<Time>,
    /// Whether it is.
    pub(in super::super) over: bool,
}

impl Coupon {
    /// A coupon that is good through this day.
    pub fn new(
        id: CouponId,
        name: Box<str>,
        code: Option<Box<str>>,
        valid_until: Option<NaiveDate>,
        calendar: Calendar,
        now: Time,
    ) -> Coupon {
        let next_day = valid_until.and_then(|day| day.succ_opt());
        let expires_at = next_day.and_then(|day| calendar.start_of(day));
        Coupon { id, name, code, valid_until, expires_at, over: expires_at.is_some_and(|at| at <= now) }
    }

    /// When it is over, or was; none is never.
    pub fn expires_at(&self) -> Option<Time> {
        self.expires_at
    }

    /// Whether it is over: then no answer shows it \[I\].
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// When it will be over.
    pub(in super::super) fn deadline(&self) -> Option<Time> {
        self.expires_at.filter(|_| !self.over)
    }
}

impl Account {
    /// The coupons that can be used, by id.
    pub fn live_coupons(&self) -> impl Iterator<Item = &Coupon> {
        self.coupons.iter().filter(|coupon| !coupon.over)
    }

    /// Lets the coupons that are due by `at` be over; answers which.
    pub(in super::super) fn end_coupons(&mut self, at: Time) -> Vec<CouponId> {
        let due = |coupon: &Coupon| coupon.deadline().is_some_and(|deadline| deadline <= at);
        let over: Vec<CouponId> = self.coupons.iter().filter(|it| due(it)).map(|it| it.id).collect();
        if !over.is_empty() {
            let ended = self.coupons.iter().map(|it| Coupon { over: it.over || due(it), ..it.clone() });
            self.coupons = ended.collect::<Arc<[Coupon]>>();
        }
        over
    }
}
