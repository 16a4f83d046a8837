//! Changes of clients from outside the programme: of what is known of them, and of their balances.

use std::sync::Arc;

use super::super::Books;
use super::super::client::Counters;
use super::super::coupon::{Coupon, CouponRef, CouponState, Texts, TokenIndex, Tokens};
use super::super::currency::Currency;
use super::super::holds::HubHold;
use super::super::ids::{ClientId, CouponId, TemplateId};
use super::super::phone::Phone;
use super::clients::{NewLot, check_lots};
use super::{Conflict, Conflicts, FieldConflict};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;
use crate::loyalty::time::Time;

/// What to change of a client: what is left out stays as it is, an inner `None` takes it away.
#[derive(Clone, Debug, Default)]
#[allow(clippy::option_option)] // left out, taken away, set: three cases, and no fourth
pub struct ClientChange {
    /// The e-mail address.
    pub email: Option<Option<Arc<str>>>,
    /// The phone.
    pub phone: Option<Option<Phone>>,
    /// The name.
    pub name: Option<Option<Box<str>>>,
    /// The URL of a picture.
    pub avatar_url: Option<Option<Box<str>>>,
    /// What the client bought and said.
    pub counters: Option<Counters>,
    /// The token.
    pub token: Option<Arc<str>>,
}

/// What to change of a coupon: what is left out stays as it is.
#[derive(Clone, Debug, Default)]
#[allow(clippy::option_option)] // left out, taken away, set: three cases, and no fourth
pub struct CouponChange {
    /// What it says.
    pub texts: Option<Texts>,
    /// The template it was made from.
    pub template: Option<Option<TemplateId>>,
    /// Through when it is good.
    pub expire_date: Option<Option<Time>>,
    /// Whether the share token is used up.
    pub share_used: Option<bool>,
    /// What has become of it.
    pub state: Option<CouponState>,
    /// `token`.
    pub token: Option<Arc<str>>,
    /// `shareToken`.
    pub share_token: Option<Arc<str>>,
    /// `merchantToken`.
    pub merchant_token: Option<Arc<str>>,
    /// `merchantShareToken`.
    pub merchant_share_token: Option<Arc<str>>,
}

impl Books {
    /// Changes what is known of a client; or tells all that speaks against it. Answers whether anything changed.
    pub fn change_client(&mut self, id: ClientId, change: ClientChange) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.client(id).map(Arc::clone) else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownClient(id))]);
        };
        let mut conflicts = Conflicts::default();
        let phone = change.phone.as_ref().and_then(Option::as_ref);
        let phone_of = phone.and_then(|phone| self.by_phone.get(phone.digits()));
        if let Some(other) = phone_of.filter(|other| **other != id) {
            conflicts.add("phone", Conflict::DuplicatePhone(*other));
        }
        let email = change.email.as_ref().and_then(Option::as_ref);
        let email_of = email.and_then(|email| self.by_email.get(email));
        if let Some(other) = email_of.filter(|other| **other != id) {
            conflicts.add("email", Conflict::DuplicateEmail(*other));
        }
        let token_of = change.token.as_ref().and_then(|token| self.by_token.get(token));
        if token_of.is_some_and(|other| *other != id) {
            conflicts.add("token", Conflict::DuplicateToken);
        }
        conflicts.into_result()?;

        if let Some(phone) = &change.phone {
            old.phone.as_ref().map(|old| self.by_phone.remove(old.digits()));
            phone.as_ref().map(|phone| self.by_phone.insert(Arc::clone(phone.digits()), id));
        }
        if let Some(email) = &change.email {
            old.email.as_ref().map(|old| self.by_email.remove(old));
            email.as_ref().map(|email| self.by_email.insert(Arc::clone(email), id));
        }
        if let Some(token) = &change.token {
            self.by_token.remove(&old.token);
            self.by_token.insert(Arc::clone(token), id);
        }
        self.change(id, |client, _| {
            set(&mut client.phone, change.phone);
            set(&mut client.email, change.email);
            set(&mut client.name, change.name);
            set(&mut client.avatar_url, change.avatar_url);
            set(&mut client.counters, change.counters);
            set(&mut client.token, change.token);
        });
        Ok(**self.known_client(id) != *old)
    }

    /// Changes a coupon; or tells all that speaks against it. Answers whether anything changed. One that cannot be
    /// used any more drops out of its hold; one that can again, and that an active hold names, is under it again.
    pub fn change_coupon(
        &mut self,
        client: ClientId,
        id: CouponId,
        change: CouponChange,
        now: Time,
    ) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.client(client).and_then(|client| client.coupon(id)).cloned() else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownCoupon(id))]);
        };
        let mut new = old.clone();
        if let Some(texts) = change.texts.filter(|texts| *texts != *old.texts) {
            new.texts = Arc::new(texts);
        }
        set(&mut new.template, change.template);
        set(&mut new.expire_date, change.expire_date);
        set(&mut new.share_used, change.share_used);
        set(&mut new.state, change.state);
        set(&mut new.tokens.token, change.token);
        set(&mut new.tokens.share_token, change.share_token);
        set(&mut new.tokens.merchant_token, change.merchant_token);
        set(&mut new.tokens.merchant_share_token, change.merchant_share_token);
        if matches!(new.state, CouponState::Live | CouponState::Expired) {
            new.state = if new.is_good_at(now) { CouponState::Live } else { CouponState::Expired };
        }
        let names_it = |hold: &&Arc<HubHold>| hold.coupons.contains(&id);
        let holder = self.active_holds_of(client).find(names_it).map(|hold| hold.id);
        new.held_by = holder.filter(|_| new.state == CouponState::Live);
        let at = CouponRef { client, coupon: id };
        self.check_changed_coupon(&new, at).into_result()?;

        self.tokens.remove(&old.tokens);
        self.tokens.add(at, &new.tokens);
        let changed = new != old;
        self.change(client, |client, _| client.change_coupon(id, |coupon| *coupon = new));
        Ok(changed)
    }

    fn check_changed_coupon(&self, new: &Coupon, at: CouponRef) -> Conflicts {
        let mut conflicts = Conflicts::default();
        if let Some(id) = new.template.filter(|id| !self.templates.contains_key(id)) {
            conflicts.add("template", Conflict::UnknownTemplate(id));
        }
        let (index, tokens) = (&self.tokens, &new.tokens);
        let code = |code| index.codes.get(code).map(|(at, _)| at);
        let others = [
            ("token", index.linked.get(&tokens.token)),
            ("shareToken", index.shared.get(&tokens.share_token)),
            ("merchantToken", code(&tokens.merchant_token)),
            ("merchantShareToken", code(&tokens.merchant_share_token)),
        ];
        for (field, other) in others {
            if other.is_some_and(|other| *other != at) {
                conflicts.add(field, Conflict::DuplicateToken);
            }
        }
        if tokens.merchant_token == tokens.merchant_share_token {
            conflicts.add("merchantShareToken", Conflict::DuplicateToken);
        }
        conflicts
    }

    /// Sets what is on a client's account: the difference is an adjustment entry; what is set lower takes the
    /// soonest to burn, and shrinks holds, the youngest first.
    pub fn adjust_balance(
        &mut self,
        id: ClientId,
        currency: Currency,
        posted: Amount,
        now: Time,
    ) -> Result<(), FieldConflict> {
        if self.client(id).is_none() {
            return Err(FieldConflict::new("id", Conflict::UnknownClient(id)));
        }
        let adjusted =
            self.change(id, |client, numbers| client.accounts.of_mut(currency).adjust(posted, now, numbers));
        let shrunk = adjusted.map_err(|refusal| {
            let conflict = match refusal {
                ledger::Refusal::BalanceOverLimit => Conflict::BalanceOverLimit,
                _ => Conflict::AmountNegative,
            };
            FieldConflict::new("amount", conflict)
        })?;
        self.close_shrunk(id, &shrunk);
        Ok(())
    }

    /// Puts other lots in the place of those on a client's account: a difference of their sums is an adjustment
    /// entry, and holds shrink to what is left, the youngest first.
    pub fn replace_lots(
        &mut self,
        id: ClientId,
        currency: Currency,
        lots: &[NewLot],
        now: Time,
    ) -> Result<(), Vec<FieldConflict>> {
        if self.client(id).is_none() {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownClient(id))]);
        }
        let mut conflicts = Conflicts::default();
        check_lots(lots, &[], now, &mut conflicts);
        conflicts.into_result()?;

        let lots = lots.iter().map(|lot| ledger::NewLot {
            amount: lot.amount,
            expires_at: lot.expires_at,
            active_from: lot.active_from,
        });
        let lots: Vec<ledger::NewLot> = lots.filter(|lot| lot.is_usable(now)).collect();
        let shrunk = self.change(id, |client, numbers| {
            let account = client.accounts.of_mut(currency);
            account.replace_lots(&lots, now, numbers).expect("the lots were checked before")
        });
        self.close_shrunk(id, &shrunk);
        Ok(())
    }
}

impl TokenIndex {
    fn remove(&mut self, tokens: &Tokens) {
        self.linked.remove(&tokens.token);
        self.shared.remove(&tokens.share_token);
        self.codes.remove(&tokens.merchant_token);
        self.codes.remove(&tokens.merchant_share_token);
    }
}

/// Sets a field if there is something to set it to.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
