//! `clients.writeOff`: spends from a client's balances and redeems its coupons, all or nothing.

use super::balance::Sum;
use super::coupon::CouponState;
use super::currency::Currency;
use super::ids::{ClientId, CouponId};
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::time::Time;

/// What to write off.
#[derive(Clone, Debug, Default)]
pub struct WriteOff {
    /// How much of what; several of one currency count together \[I\], nothing of one is nothing \[I\].
    pub balance: Vec<Sum>,
    /// The client's coupons to redeem.
    pub coupons: Vec<CouponId>,
}

impl Books {
    /// Writes off.
    ///
    /// Refuses: an unknown client; a sum under zero; more than is available, points before rubles; a coupon that
    /// cannot be used.
    pub fn write_off(&mut self, id: ClientId, order: &WriteOff, now: Time) -> Result<(), Refusal> {
        let client = self.client_in_path(id)?;
        if order.balance.iter().any(|sum| sum.amount.is_negative()) {
            return Err(Refusal::AmountNegative);
        }
        let sums = Currency::ALL.map(|currency| {
            let of_it = order.balance.iter().filter(|sum| sum.currency == currency);
            // Capped one above the most an account can hold: a longer list cannot overflow the sum.
            let add = |sum: Amount, next: &Sum| (sum + next.amount).min(Amount::whole(2_000_000_000_000_000));
            Sum { amount: of_it.fold(Amount::ZERO, add), currency }
        });
        for sum in sums {
            client.check_available(sum)?;
        }
        Books::check_coupons(client, &order.coupons, now)?;

        self.change(id, |client, numbers| {
            for sum in sums.into_iter().filter(|sum| sum.amount.is_positive()) {
                client
                    .accounts
                    .of_mut(sum.currency)
                    .spend(sum.amount, now, numbers)
                    .expect("what is available was checked before");
            }
            client.redeem(&order.coupons);
        });
        Ok(())
    }
}

impl super::client::Client {
    /// Checks that so much can be spent or held now.
    pub(super) fn check_available(&self, sum: Sum) -> Result<(), Refusal> {
        let available = self.accounts().of(sum.currency).available();
        if sum.amount > available {
            return Err(Refusal::InsufficientPoints { currency: sum.currency, available });
        }
        Ok(())
    }

    /// Redeems coupons; the caller has checked that they can be.
    pub(super) fn redeem(&mut self, coupons: &[CouponId]) {
        for id in coupons {
            self.change_coupon(*id, |coupon| {
                coupon.state = CouponState::Redeemed;
                coupon.held_by = None;
            });
        }
    }
}
