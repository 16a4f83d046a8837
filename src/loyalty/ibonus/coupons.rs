//! `clients.coupons`, `clients.findCoupon`, `coupons.redeemShared`: coupons of clients, listed, found, shared.

use std::sync::Arc;

use super::client::Client;
use super::coupon::{CodeKind, Coupon, CouponRef};
use super::find::Customer;
use super::ids::ClientId;
use super::{Books, Refusal};
use crate::loyalty::time::Time;

/// By which of its tokens a coupon is looked for \[D\].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// `linked`: by `token`.
    Linked,
    /// `shared`: by `shareToken`.
    Shared,
    /// `merchant`: by `merchantToken`.
    Merchant,
}

impl TokenType {
    /// The type of this name.
    pub fn read(name: &str) -> Result<TokenType, Refusal> {
        match name {
            "linked" => Ok(TokenType::Linked),
            "shared" => Ok(TokenType::Shared),
            "merchant" => Ok(TokenType::Merchant),
            _ => Err(Refusal::UnknownCouponType { given: name.into() }),
        }
    }
}

/// A coupon and its owner.
#[derive(Clone, Debug)]
pub struct FoundCoupon {
    /// Whose it is.
    pub client: Arc<Client>,
    /// The coupon.
    pub coupon: Coupon,
}

impl Books {
    /// A client's unredeemed and unexpired coupons \[I\], by id; those under a hold are among them \[I\].
    pub fn coupons_of(&self, client: ClientId, now: Time) -> Result<Vec<Coupon>, Refusal> {
        let client = self.client_in_path(client)?;
        Ok(client.coupons().filter(|coupon| coupon.is_live_at(now)).cloned().collect())
    }

    /// Finds a coupon by one of its tokens. One that is redeemed, cancelled or over, or whose share token is
    /// used up, is refused, told which: the answer could not show it \[I\].
    pub fn find_coupon(&self, by: TokenType, token: &str, now: Time) -> Result<FoundCoupon, Refusal> {
        let at = match by {
            TokenType::Linked => self.tokens.linked.get(token).copied(),
            TokenType::Shared => self.tokens.shared.get(token).copied(),
            TokenType::Merchant => match self.tokens.codes.get(token) {
                Some((at, CodeKind::Merchant)) => Some(*at),
                _ => None,
            },
        };
        let found = self.coupon_at(at.ok_or(Refusal::CouponNotFound)?);
        found.coupon.check_live(now)?;
        if by == TokenType::Shared && found.coupon.share_used {
            return Err(Refusal::ShareTokenUsed { id: found.coupon.id });
        }
        Ok(found)
    }

    /// Redeems a share token: the person gets a coupon of their own, from the same template, with new tokens; the
    /// owner keeps theirs, and the share token works no more \[I\]. An unknown person becomes a client \[I\]. A
    /// coupon without a template is copied, with its expiry \[I\].
    ///
    /// Refuses: neither phone nor e-mail; an unknown token; a coupon that is redeemed, cancelled or over; a used
    /// share token; a template that is over.
    pub fn redeem_shared(
        &mut self,
        token: &str,
        person: Customer<'_>,
        name: Option<&str>,
        now: Time,
    ) -> Result<FoundCoupon, Refusal> {
        if !person.is_named() {
            return Err(Refusal::CustomerMissing);
        }
        let FoundCoupon { client: owner, coupon: shared } =
            self.find_coupon(TokenType::Shared, token, now)?;
        let template = shared.template.and_then(|id| self.templates.get(&id));
        let (texts, expire_date) = match template {
            Some(template) => (Arc::clone(&template.texts), template.expire_date(now)),
            None => (Arc::clone(&shared.texts), shared.expire_date),
        };
        if expire_date.is_some_and(|through| through < now) {
            return Err(Refusal::CouponExpired { id: shared.id });
        }

        self.change(owner.id, |client, _| client.change_coupon(shared.id, |coupon| coupon.share_used = true));
        let client = self.meet_customer(person, name).expect("the person is named");
        let coupon = self.give_coupon(client, texts, shared.template, expire_date);
        Ok(self.coupon_at(CouponRef { client, coupon }))
    }

    fn coupon_at(&self, at: CouponRef) -> FoundCoupon {
        let client = Arc::clone(self.known_client(at.client));
        let coupon = client.coupon(at.coupon).expect("tokens lead to coupons that are there").clone();
        FoundCoupon { client, coupon }
    }
}
