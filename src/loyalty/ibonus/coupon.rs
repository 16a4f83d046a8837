//! A client's coupon: what it says, its tokens, and what has become of it.

use std::sync::Arc;

use imbl::OrdMap;

use super::ids::{ClientId, CouponId, HubHoldId, TemplateId};
use super::{Books, Refusal, TOKEN_BYTES, client::Client};
use crate::loyalty::time::{Period, Time};

/// What a coupon says; each part may be left out \[D\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// For the merchant's own use.
    pub title: Option<Box<str>>,
    /// The headline.
    pub header: Option<Box<str>>,
    /// The line under it.
    pub sub_header: Option<Box<str>>,
    /// May hold HTML.
    pub short_description: Option<Box<str>>,
    /// May hold HTML.
    pub long_description: Option<Box<str>>,
}

/// A coupon that a client has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// Its id, unique among the client's coupons.
    pub id: CouponId,
    /// What it says: as its template did when the client got it \[I\].
    pub texts: Arc<Texts>,
    /// The template it was made from.
    pub template: Option<TemplateId>,
    /// It is good through this moment \[D\]; none is for ever.
    pub expire_date: Option<Time>,
    /// The tokens by which it is found.
    pub tokens: Tokens,
    /// Whether somebody has redeemed the share token: it works once \[I\].
    pub share_used: bool,
    /// What has become of it.
    pub state: CouponState,
    /// The active hold it is under.
    pub held_by: Option<HubHoldId>,
}

/// A coupon's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Up to 32 hex digits.
    pub token: Arc<str>,
    /// Up to 32 hex digits, for another person to get a coupon of the same kind.
    pub share_token: Arc<str>,
    /// Six digits, for the cashier.
    pub merchant_token: Arc<str>,
    /// Six digits.
    pub merchant_share_token: Arc<str>,
}

/// What has become of a coupon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CouponState {
    /// It can be used.
    #[default]
    Live,
    /// It was used.
    Redeemed,
    /// Its time was over before it was used.
    Expired,
    /// The order that issued it was refunded.
    Cancelled,
}

impl Coupon {
    /// The first moment at which it is over, while it is live.
    pub(super) fn deadline(&self) -> Option<Time> {
        let through = self.expire_date.filter(|_| self.state == CouponState::Live)?;
        through.checked_add(Period::from_millis(1))
    }

    /// Whether its time is not over.
    pub fn is_good_at(&self, now: Time) -> bool {
        self.expire_date.is_none_or(|through| now <= through)
    }

    /// Whether it is unredeemed and unexpired: what lists show, held ones included \[I\].
    pub fn is_live_at(&self, now: Time) -> bool {
        self.state == CouponState::Live && self.is_good_at(now)
    }

    /// Why it is not live, if it is not.
    pub(super) fn check_live(&self, now: Time) -> Result<(), Refusal> {
        let id = self.id;
        match self.state {
            CouponState::Redeemed => Err(Refusal::CouponRedeemed { id }),
            CouponState::Cancelled => Err(Refusal::CouponCancelled { id }),
            CouponState::Live if self.is_good_at(now) => Ok(()),
            CouponState::Live | CouponState::Expired => Err(Refusal::CouponExpired { id }),
        }
    }
}

/// Which coupon of which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CouponRef {
    /// Whose.
    pub client: ClientId,
    /// Which.
    pub coupon: CouponId,
}

/// The coupons by their tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TokenIndex {
    pub(super) linked: OrdMap<Arc<str>, CouponRef>,
    pub(super) shared: OrdMap<Arc<str>, CouponRef>,
    /// The short ones, of both kinds: no two are alike.
    pub(super) codes: OrdMap<Arc<str>, (CouponRef, CodeKind)>,
}

/// Which of a coupon's two short tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeKind {
    Merchant,
    MerchantShare,
}

impl TokenIndex {
    /// How many short tokens there are before they become longer: half of all six-digit ones.
    const SHORT_CODES_MAX: usize = 500_000;

    pub(super) fn add(&mut self, at: CouponRef, tokens: &Tokens) {
        self.linked.insert(Arc::clone(&tokens.token), at);
        self.shared.insert(Arc::clone(&tokens.share_token), at);
        self.codes.insert(Arc::clone(&tokens.merchant_token), (at, CodeKind::Merchant));
        self.codes.insert(Arc::clone(&tokens.merchant_share_token), (at, CodeKind::MerchantShare));
    }
}

/// Draws until one is new.
pub(super) fn draw_new(mut draw: impl FnMut() -> String, is_taken: impl Fn(&str) -> bool) -> Arc<str> {
    loop {
        let drawn = draw();
        if !is_taken(&drawn) {
            return drawn.into();
        }
    }
}

impl Books {
    /// Checks that all of these are coupons of the client that can be used now, none named twice, none under a
    /// hold: unknown, repeated, redeemed, cancelled, expired, held, in this order, coupon by coupon.
    pub(super) fn check_coupons(client: &Client, coupons: &[CouponId], now: Time) -> Result<(), Refusal> {
        for (place, id) in coupons.iter().enumerate() {
            let coupon = client.coupon(*id).ok_or(Refusal::UnknownCoupon { id: *id })?;
            if coupons[..place].contains(id) {
                return Err(Refusal::CouponRepeated { id: *id });
            }
            coupon.check_live(now)?;
            if coupon.held_by.is_some() {
                return Err(Refusal::CouponHeld { id: *id });
            }
        }
        Ok(())
    }

    /// Gives a client a new coupon, good through `expire_date`.
    pub(super) fn give_coupon(
        &mut self,
        client: ClientId,
        texts: Arc<Texts>,
        template: Option<TemplateId>,
        expire_date: Option<Time>,
    ) -> CouponId {
        let id = self.counts.coupons.take();
        let (token, share_token) = (self.new_token(), self.new_share_token());
        let merchant_token = self.new_code(None);
        let merchant_share_token = self.new_code(Some(&merchant_token));
        let tokens = Tokens { token, share_token, merchant_token, merchant_share_token };
        self.tokens.add(CouponRef { client, coupon: id }, &tokens);
        let coupon = Coupon {
            id,
            texts,
            template,
            expire_date,
            tokens,
            share_used: false,
            state: CouponState::Live,
            held_by: None,
        };
        self.change(client, |client, _| client.add_coupon(coupon));
        id
    }

    /// A token that no other coupon has.
    pub(super) fn new_token(&mut self) -> Arc<str> {
        draw_new(|| self.mint.token::<TOKEN_BYTES>(), |token| self.tokens.linked.contains_key(token))
    }

    /// A share token that no other coupon has.
    pub(super) fn new_share_token(&mut self) -> Arc<str> {
        draw_new(|| self.mint.token::<TOKEN_BYTES>(), |token| self.tokens.shared.contains_key(token))
    }

    /// A short token that no other coupon has, and that is not `sibling`.
    pub(super) fn new_code(&mut self, sibling: Option<&str>) -> Arc<str> {
        let codes = &self.tokens.codes;
        // Beyond that many, six digits would soon be all used up: nine then \[I\].
        let digits = if codes.len() < TokenIndex::SHORT_CODES_MAX { 6 } else { 9 };
        draw_new(|| self.mint.code(digits), |code| codes.contains_key(code) || sibling == Some(code))
    }
}
