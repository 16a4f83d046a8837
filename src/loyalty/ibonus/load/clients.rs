//! Clients from outside, with their balances and coupons; balances set from outside.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::super::Books;
use super::super::client::{Client, Counters};
use super::super::coupon::{CodeKind, Coupon, CouponRef, CouponState, Texts, Tokens};
use super::super::currency::{Accounts, Currency};
use super::super::ids::{ClientId, CouponId, TemplateId};
use super::super::phone::Phone;
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{self, Account, EntryKind};
use crate::loyalty::time::Time;

/// A client to be added.
#[derive(Clone, Debug, Default)]
pub struct NewClient {
    /// The id; left out: the next one.
    pub id: Option<ClientId>,
    /// The e-mail address.
    pub email: Option<Arc<str>>,
    /// The phone.
    pub phone: Option<Phone>,
    /// The name.
    pub name: Option<Box<str>>,
    /// The URL of a picture.
    pub avatar_url: Option<Box<str>>,
    /// The starting values.
    pub counters: Counters,
    /// The token; left out: a new one.
    pub token: Option<Arc<str>>,
    /// What is on the accounts.
    pub balances: Vec<NewBalance>,
    /// The coupons.
    pub coupons: Vec<NewCoupon>,
}

/// What an account is opened with.
#[derive(Clone, Debug, Default)]
pub struct NewBalance {
    /// Which account.
    pub currency: Currency,
    /// Its lots. Those that are over already are left out.
    pub lots: Vec<NewLot>,
}

/// Points that an account is opened with.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewLot {
    /// How many; nothing is no lot.
    pub amount: Amount,
    /// When they burn.
    pub expires_at: Option<Time>,
    /// When they become active.
    pub active_from: Option<Time>,
}

impl NewLot {
    /// Whether the points can ever be used, seen from `now`.
    pub fn is_usable(&self, now: Time) -> bool {
        let NewLot { amount, expires_at, active_from } = *self;
        ledger::NewLot { amount, expires_at, active_from }.is_usable(now)
    }
}

/// A coupon that a client has from the start.
#[derive(Clone, Debug, Default)]
pub struct NewCoupon {
    /// The id; left out: the next one.
    pub id: Option<CouponId>,
    /// What it says; left out: what its template says.
    pub texts: Option<Texts>,
    /// The template it was made from.
    pub template: Option<TemplateId>,
    /// Through when it is good.
    pub good: Good,
    /// `token`; left out: a new one, as the next three.
    pub token: Option<Arc<str>>,
    /// `shareToken`.
    pub share_token: Option<Arc<str>>,
    /// `merchantToken`.
    pub merchant_token: Option<Arc<str>>,
    /// `merchantShareToken`.
    pub merchant_share_token: Option<Arc<str>>,
    /// Whether the share token is used up.
    pub share_used: bool,
    /// What has become of it; a live one that is over already is expired.
    pub state: CouponState,
}

/// Through when a coupon is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Good {
    /// As its template has it, from now; without a template for ever.
    #[default]
    AsTemplate,
    /// For ever.
    ForEver,
    /// Through this moment.
    Through(Time),
}

impl Books {
    /// Adds a client with opening entries for the balances; or tells all that speaks against it.
    pub fn add_client(&mut self, new: NewClient, now: Time) -> Result<ClientId, Vec<FieldConflict>> {
        self.client_conflicts(&new, now).into_result()?;

        let mut accounts = Accounts::default();
        for balance in &new.balances {
            self.open(accounts.of_mut(balance.currency), &balance.lots, now);
        }
        Ok(self.insert_new_client(new, accounts, now))
    }

    /// Puts a new client into the books, with these accounts. The caller has checked it.
    pub(super) fn insert_new_client(&mut self, new: NewClient, accounts: Accounts, now: Time) -> ClientId {
        let id = self.counts.clients.take_or(new.id);
        let token = new.token.unwrap_or_else(|| self.new_client_token());
        self.insert_client(Client {
            id,
            email: new.email,
            phone: new.phone,
            name: new.name,
            avatar_url: new.avatar_url,
            counters: new.counters,
            token,
            accounts,
            coupons: OrdMap::new(),
            coupon_deadlines: OrdSet::new(),
            tickets: OrdMap::new(),
            coupon_holds: OrdSet::new(),
        });
        self.insert_coupons(id, new.coupons, now);
        id
    }

    /// Adds a coupon to a client; or tells all that speaks against it.
    pub fn add_coupon(
        &mut self,
        id: ClientId,
        new: NewCoupon,
        now: Time,
    ) -> Result<CouponId, Vec<FieldConflict>> {
        let Some(client) = self.client(id) else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownClient(id))]);
        };
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|coupon| client.coupon(coupon).is_some()) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        self.check_new_coupon(&new, &mut BTreeSet::new(), &[], &mut conflicts);
        conflicts.into_result()?;

        let coupon = self.counts.coupons.take_or(new.id);
        self.insert_coupons(id, vec![NewCoupon { id: Some(coupon), ..new }], now);
        Ok(coupon)
    }

    /// Adds a client's coupons: what they come with is taken before anything is drawn for the others.
    fn insert_coupons(&mut self, client: ClientId, coupons: Vec<NewCoupon>, now: Time) {
        coupons.iter().filter_map(|coupon| coupon.id).for_each(|id| self.counts.coupons.pass(id));
        let coupons: Vec<(CouponId, NewCoupon)> =
            coupons.into_iter().map(|coupon| (self.counts.coupons.take_or(coupon.id), coupon)).collect();
        for (id, coupon) in &coupons {
            let at = CouponRef { client, coupon: *id };
            for (code, kind) in [
                (&coupon.merchant_token, CodeKind::Merchant),
                (&coupon.merchant_share_token, CodeKind::MerchantShare),
            ] {
                code.as_ref().map(|code| self.tokens.codes.insert(Arc::clone(code), (at, kind)));
            }
        }
        for (id, coupon) in coupons {
            let coupon = self.opening_coupon(id, coupon, now);
            self.tokens.add(CouponRef { client, coupon: id }, &coupon.tokens);
            self.change(client, |client, _| client.add_coupon(coupon));
        }
    }

    fn open(&mut self, account: &mut Account, lots: &[NewLot], now: Time) {
        for lot in lots {
            if lot.amount.is_zero() || lot.expires_at.is_some_and(|at| at <= now) {
                continue;
            }
            let (kind, numbers) = (EntryKind::Opening, &mut self.numbers);
            account
                .accrue(kind, lot.amount, lot.expires_at, lot.active_from, now, numbers)
                .expect("the lots were checked before");
        }
    }

    fn opening_coupon(&mut self, id: CouponId, new: NewCoupon, now: Time) -> Coupon {
        let template = new.template.and_then(|id| self.templates.get(&id)).map(Arc::clone);
        let texts = match (&template, new.texts) {
            (Some(template), None) => Arc::clone(&template.texts),
            (Some(template), Some(texts)) if *template.texts == texts => Arc::clone(&template.texts),
            (_, texts) => Arc::new(texts.unwrap_or_default()),
        };
        let expire_date = match new.good {
            Good::AsTemplate => template.and_then(|template| template.expire_date(now)),
            Good::ForEver => None,
            Good::Through(at) => Some(at),
        };
        let merchant_token = new.merchant_token.unwrap_or_else(|| self.new_code(None));
        let merchant_share_token =
            new.merchant_share_token.unwrap_or_else(|| self.new_code(Some(&merchant_token)));
        let mut coupon = Coupon {
            id,
            texts,
            template: new.template,
            expire_date,
            tokens: Tokens {
                token: new.token.unwrap_or_else(|| self.new_token()),
                share_token: new.share_token.unwrap_or_else(|| self.new_share_token()),
                merchant_token,
                merchant_share_token,
            },
            share_used: new.share_used,
            state: new.state,
            held_by: None,
        };
        if coupon.state == CouponState::Live && !coupon.is_good_at(now) {
            coupon.state = CouponState::Expired;
        }
        coupon
    }

    pub(super) fn client_conflicts(&self, new: &NewClient, now: Time) -> Conflicts {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| self.clients.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some(other) = new.phone.as_ref().and_then(|phone| self.by_phone.get(phone.digits())) {
            conflicts.add("phone", Conflict::DuplicatePhone(*other));
        }
        if let Some(other) = new.email.as_ref().and_then(|email| self.by_email.get(email)) {
            conflicts.add("email", Conflict::DuplicateEmail(*other));
        }
        if new.token.as_ref().is_some_and(|token| self.by_token.contains_key(token)) {
            conflicts.add("token", Conflict::DuplicateToken);
        }
        let mut currencies = BTreeSet::new();
        for (place, balance) in new.balances.iter().enumerate() {
            let path = [Step::Key("balances"), Step::Index(place)];
            if !currencies.insert(balance.currency) {
                conflicts
                    .add_at(&[&path[..], &[Step::Key("currency")]].concat(), Conflict::DuplicateCurrency);
            }
            check_lots(&balance.lots, &path, now, &mut conflicts);
        }
        self.check_new_coupons(&new.coupons, &mut conflicts);
        conflicts
    }

    fn check_new_coupons(&self, coupons: &[NewCoupon], conflicts: &mut Conflicts) {
        let (mut ids, mut tokens) = (BTreeSet::new(), BTreeSet::new());
        for (place, coupon) in coupons.iter().enumerate() {
            let path = [Step::Key("coupons"), Step::Index(place)];
            if coupon.id.is_some_and(|id| !ids.insert(id)) {
                conflicts.add_at(&[&path[..], &[Step::Key("id")]].concat(), Conflict::DuplicateId);
            }
            self.check_new_coupon(coupon, &mut tokens, &path, conflicts);
        }
    }

    /// Checks a coupon's template, and that its tokens are nobody's, and none of `tokens`: those that came before.
    fn check_new_coupon(
        &self,
        coupon: &NewCoupon,
        tokens: &mut BTreeSet<(&'static str, Arc<str>)>,
        path: &[Step],
        conflicts: &mut Conflicts,
    ) {
        let mut add = |field: &'static str, conflict| {
            conflicts.add_at(&[path, &[Step::Key(field)]].concat(), conflict);
        };
        if let Some(id) = coupon.template.filter(|id| !self.templates.contains_key(id)) {
            add("template", Conflict::UnknownTemplate(id));
        }
        let index = &self.tokens;
        // The short tokens are one kind: no two are alike.
        let given = [
            ("token", "token", &coupon.token),
            ("shareToken", "shareToken", &coupon.share_token),
            ("merchantToken", "code", &coupon.merchant_token),
            ("merchantShareToken", "code", &coupon.merchant_share_token),
        ];
        for (field, kind, token) in given {
            let Some(token) = token else { continue };
            let known = match kind {
                "token" => index.linked.contains_key(token),
                "shareToken" => index.shared.contains_key(token),
                _ => index.codes.contains_key(token),
            };
            if known || !tokens.insert((kind, Arc::clone(token))) {
                add(field, Conflict::DuplicateToken);
            }
        }
    }
}

/// What speaks against the lots of an account.
pub(super) fn check_lots(lots: &[NewLot], path: &[Step], now: Time, conflicts: &mut Conflicts) {
    let mut sum = Amount::ZERO;
    for (place, lot) in lots.iter().enumerate() {
        let path = [path, &[Step::Key("lots"), Step::Index(place)]].concat();
        if lot.amount.is_negative() {
            conflicts.add_at(&path, Conflict::AmountNegative);
            continue;
        }
        let first_use = lot.active_from.unwrap_or(now).max(now);
        if lot.expires_at.is_some_and(|at| at > now && at <= first_use) {
            conflicts.add_at(&path, Conflict::BurnsBeforeActive);
        }
        if lot.amount > ledger::POSTED_MAX - sum {
            conflicts.add_at(&path, Conflict::BalanceOverLimit);
            break;
        }
        sum += lot.amount;
    }
}
