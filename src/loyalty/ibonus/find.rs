//! `clients.list`, `clients.byToken`, and the customer an order names.

use std::sync::Arc;

use super::client::{Client, Counters};
use super::coupon::draw_new;
use super::currency::Accounts;
use super::ids::ClientId;
use super::like::Like;
use super::page::Page;
use super::phone::{self, Phone};
use super::{Books, Refusal, TOKEN_BYTES};

/// Which clients to list; those that hold all that is asked \[I\].
#[derive(Clone, Debug, Default)]
pub struct ClientsQuery {
    /// By phone: [`Like::of_phone`].
    pub phone: Option<Like>,
    /// By e-mail: [`Like::new`].
    pub email: Option<Like>,
    /// Which part of the list.
    pub page: Page,
}

/// Who a customer is, as an order or a redeemed coupon says. A phone without digits and an empty e-mail say
/// nothing \[I\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Customer<'a> {
    /// The phone, in any spelling.
    pub phone: Option<&'a str>,
    /// The e-mail.
    pub email: Option<&'a str>,
}

impl<'a> Customer<'a> {
    fn phone_digits(&self) -> Option<String> {
        self.phone.map(phone::digits).filter(|digits| !digits.is_empty())
    }

    pub(super) fn email(&self) -> Option<&'a str> {
        self.email.map(str::trim).filter(|email| !email.is_empty())
    }

    /// Whether it names anybody.
    pub(super) fn is_named(&self) -> bool {
        self.phone_digits().is_some() || self.email().is_some()
    }
}

impl Books {
    /// The clients that match, by id \[I\].
    pub fn list_clients(&self, query: &ClientsQuery) -> Vec<Arc<Client>> {
        let matches = |client: &&Arc<Client>| {
            let phone = || client.phone.as_ref().map(|phone| &**phone.digits());
            let email = || client.email.as_deref();
            query.phone.as_ref().is_none_or(|like| phone().is_some_and(|phone| like.matches(phone)))
                && query.email.as_ref().is_none_or(|like| email().is_some_and(|email| like.matches(email)))
        };
        // No two clients have the same phone or e-mail: without a % there is at most one to look at.
        let phone = query.phone.as_ref().and_then(Like::exact).map(|digits| self.by_phone.get(digits));
        let email = query.email.as_ref().and_then(Like::exact).map(|email| self.by_email.get(email));
        match phone.or(email) {
            Some(only) => {
                let only = only.and_then(|id| self.clients.get(id));
                query.page.of(only.into_iter().filter(matches).map(Arc::clone))
            }
            None => query.page.of(self.clients().filter(matches).map(Arc::clone)),
        }
    }

    /// The client of this token. A number is not a token \[I\].
    pub fn client_by_token(&self, token: &str) -> Result<Arc<Client>, Refusal> {
        let numeric = token.bytes().all(|byte| byte.is_ascii_digit());
        let id = self.by_token.get(token).filter(|_| !numeric).ok_or(Refusal::ClientTokenNotFound)?;
        Ok(Arc::clone(self.known_client(*id)))
    }

    /// The client with this phone, else the one with this e-mail.
    pub(super) fn find_customer(&self, customer: Customer<'_>) -> Option<&Arc<Client>> {
        let by_phone = customer.phone_digits().and_then(|digits| self.by_phone.get(digits.as_str()));
        let found = by_phone.or_else(|| customer.email().and_then(|email| self.by_email.get(email)));
        found.and_then(|id| self.clients.get(id))
    }

    /// The client that the customer is: found, with an empty phone filled in, or else created \[I\]. `None` if
    /// the customer is not named.
    pub(super) fn meet_customer(&mut self, customer: Customer<'_>, name: Option<&str>) -> Option<ClientId> {
        if !customer.is_named() {
            return None;
        }
        let phone = customer.phone.and_then(|phone| Phone::new(phone.trim()));
        if let Some(found) = self.find_customer(customer) {
            let id = found.id;
            if let Some(phone) = phone.filter(|_| found.phone.is_none()) {
                self.by_phone.insert(Arc::clone(phone.digits()), id);
                self.change(id, |client, _| client.phone = Some(phone));
            }
            return Some(id);
        }

        let id = self.counts.clients.take();
        let token = self.new_client_token();
        self.insert_client(Client {
            id,
            email: customer.email().map(Arc::from),
            phone,
            name: name.map(str::trim).filter(|name| !name.is_empty()).map(Box::from),
            avatar_url: None,
            counters: Counters::default(),
            token,
            accounts: Accounts::default(),
            coupons: imbl::OrdMap::new(),
            coupon_deadlines: imbl::OrdSet::new(),
            tickets: imbl::OrdMap::new(),
            coupon_holds: imbl::OrdSet::new(),
        });
        Some(id)
    }

    /// A token that no other client has.
    pub(super) fn new_client_token(&mut self) -> Arc<str> {
        let (mint, taken) = (&mut self.mint, &self.by_token);
        draw_new(|| mint.token::<TOKEN_BYTES>(), |token| taken.contains_key(token))
    }

    /// Puts a client into the books and their indexes.
    pub(super) fn insert_client(&mut self, client: Client) {
        let id = client.id;
        client.phone.as_ref().map(|phone| self.by_phone.insert(Arc::clone(phone.digits()), id));
        client.email.as_ref().map(|email| self.by_email.insert(Arc::clone(email), id));
        self.by_token.insert(Arc::clone(&client.token), id);
        for coupon in client.coupons() {
            self.tokens.add(super::coupon::CouponRef { client: id, coupon: coupon.id }, &coupon.tokens);
        }
        client.next_due().map(|at| self.due.insert((at, id)));
        self.clients.insert(id, Arc::new(client));
    }
}
