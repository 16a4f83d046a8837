//! The accounts view: whatever owns points, across the programmes, in one shape.

use std::sync::Arc;

use serde::Serialize;

use crate::loyalty::amount::Amount;
use crate::loyalty::ibonus;
use crate::loyalty::ibonus::coupon::{Coupon, CouponState};
use crate::loyalty::ibonus::currency::Currency;
use crate::loyalty::ibonus::ids::ClientId;
use crate::loyalty::ledger::{Account, Lot};
use crate::loyalty::loyalclient::{self, id::ObjectId, phone};
use crate::loyalty::probonus::{self, ids::AccountId};
use crate::loyalty::time::Time;
use crate::loyalty::{Programme, World};

/// An account as the control API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// The programme's name.
    pub api: &'static str,
    /// The account's id in that programme.
    pub id: String,
    /// The owner's name.
    pub name: Option<String>,
    /// The owner's phone, digits only.
    pub phone: Option<String>,
    /// Points on the account.
    pub posted: Amount,
    /// Points under active holds.
    pub held: Amount,
    /// Points that can be spent or held now.
    pub available: Amount,
    /// Soonest to burn first.
    pub lots: Vec<LotView>,
    /// Oldest first.
    pub holds: Vec<HoldView>,
    /// Coupons, those that are used or over, too; LoyalClient has none. ProBonus's have no token but a code.
    pub coupons: Vec<CouponView>,
    /// Oldest first.
    pub entries: Vec<EntryView>,
    /// An i-bonus.me client's second currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubles: Option<RublesView>,
}

/// An i-bonus.me client's second currency, as the control API shows it.
#[derive(Clone, Debug, Serialize)]
pub struct RublesView {
    /// Rubles on the account.
    pub posted: Amount,
    /// Rubles under active holds.
    pub held: Amount,
    /// Rubles that can be spent or held now.
    pub available: Amount,
    /// Soonest to burn first.
    pub lots: Vec<LotView>,
    /// Oldest first.
    pub holds: Vec<HoldView>,
    /// Oldest first.
    pub entries: Vec<EntryView>,
}

/// A coupon as the control API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CouponView {
    /// Its id in that programme.
    pub id: String,
    /// Its headline, or else its title.
    pub title: Option<String>,
    /// `live`, `held`, `redeemed`, `expired` or `cancelled`.
    pub state: &'static str,
    /// Through when it is good; null is for ever.
    pub expires_at: Option<Time>,
    /// The token by which it is found.
    pub token: String,
}

/// A lot as the control API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LotView {
    /// Its number.
    pub id: String,
    /// What is left of it.
    pub amount: Amount,
    /// When it burns; null is never.
    pub expires_at: Option<Time>,
    /// Until when it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_from: Option<Time>,
}

/// A hold as the control API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldView {
    /// Its id in that programme.
    pub id: String,
    /// Points claimed.
    pub amount: Amount,
    /// When it is over.
    pub expires_at: Time,
}

/// An entry as the control API shows it.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView {
    /// Its number.
    pub id: String,
    /// When it happened.
    pub at: Time,
    /// What it records.
    pub kind: &'static str,
    /// Signed.
    pub amount: Amount,
    /// Points on the account after it.
    pub balance: Amount,
}

/// Which accounts to list.
#[derive(Clone, Debug, Default)]
pub struct AccountsQuery {
    /// Of one programme only.
    pub api: Option<Programme>,
    /// Whose id is this text, or whose name, phone or e-mail holds it, upper and lower case alike.
    pub text: Option<String>,
    /// How many to skip.
    pub offset: usize,
    /// How many to list at most.
    pub limit: usize,
}

/// A page of accounts, LoyalClient's first, each programme's by id; and how many there are in all.
pub fn list(world: &World, query: &AccountsQuery) -> (Vec<AccountView>, usize) {
    let wanted = |api| query.api.is_none_or(|wanted| wanted == api);
    let loyalclient = wanted(Programme::LoyalClient).then(|| world.loyalclient.clients());
    let ibonus = wanted(Programme::Ibonus).then(|| world.ibonus.clients());
    let probonus = wanted(Programme::ProBonus).then(|| world.probonus.accounts());
    let page = query.offset..query.offset.saturating_add(query.limit);
    let Some(text) = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        let total = loyalclient.as_ref().map_or(0, ExactSizeIterator::len)
            + ibonus.as_ref().map_or(0, ExactSizeIterator::len)
            + probonus.as_ref().map_or(0, ExactSizeIterator::len);
        // From the nearer end: an account that is skipped is looked at, too.
        let owners = owners(loyalclient, ibonus, probonus);
        let page = page.start.min(total)..page.end.min(total);
        let page: Vec<Owner<'_>> = if page.start <= total / 2 {
            owners.skip(page.start).take(page.len()).collect()
        } else {
            let mut backwards: Vec<_> = owners.rev().skip(total - page.end).take(page.len()).collect();
            backwards.reverse();
            backwards
        };
        return (page.into_iter().map(|owner| owner.view(world)).collect(), total);
    };
    let needle = Needle::new(text);
    let mut views = Vec::new();
    let mut total = 0;
    for owner in owners(loyalclient, ibonus, probonus).filter(|owner| needle.is_in(owner)) {
        if page.contains(&total) {
            views.push(owner.view(world));
        }
        total += 1;
    }
    (views, total)
}

/// One account.
pub fn get(world: &World, api: Programme, id: &str) -> Option<AccountView> {
    let owner = match api {
        Programme::LoyalClient => Owner::LoyalClient(world.loyalclient.client(ObjectId::parse(id)?)?),
        Programme::Ibonus => Owner::Ibonus(world.ibonus.client(ClientId(number(id)?))?),
        Programme::ProBonus => Owner::ProBonus(world.probonus.account(AccountId(number(id)?))?),
    };
    Some(owner.view(world))
}

/// An id has one spelling: "007" is nobody's.
fn number(id: &str) -> Option<u64> {
    id.parse().ok().filter(|number: &u64| number.to_string() == id)
}

/// Who owns points.
#[derive(Clone, Copy)]
enum Owner<'a> {
    LoyalClient(&'a loyalclient::records::Client),
    Ibonus(&'a ibonus::client::Client),
    ProBonus(&'a probonus::accounts::Account),
}

fn owners<'a>(
    loyalclient: Option<impl DoubleEndedIterator<Item = &'a Arc<loyalclient::records::Client>>>,
    ibonus: Option<impl DoubleEndedIterator<Item = &'a Arc<ibonus::client::Client>>>,
    probonus: Option<impl DoubleEndedIterator<Item = &'a Arc<probonus::accounts::Account>>>,
) -> impl DoubleEndedIterator<Item = Owner<'a>> {
    let loyalclient = loyalclient.into_iter().flatten().map(|client| Owner::LoyalClient(client));
    let ibonus = ibonus.into_iter().flatten().map(|client| Owner::Ibonus(client));
    let probonus = probonus.into_iter().flatten().map(|account| Owner::ProBonus(account));
    loyalclient.chain(ibonus).chain(probonus)
}

impl Owner<'_> {
    fn view(self, world: &World) -> AccountView {
        match self {
            Owner::LoyalClient(client) => loyalclient_view(world, client),
            Owner::Ibonus(client) => ibonus_view(world, client),
            Owner::ProBonus(account) => probonus_view(account),
        }
    }
}

struct Needle {
    lower: String,
    digits: Option<String>,
}

impl Needle {
    fn new(text: &str) -> Needle {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // A whole phone is found in every spelling, a part of one by its digits.
        let digits = match phone::digits(text) {
            Some(number) if digits.len() >= 10 => Some(number.to_string()),
            Some(_) => Some(digits),
            None => None,
        };
        Needle { lower: text.to_lowercase(), digits }
    }

    fn is_in(&self, owner: &Owner<'_>) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(&self.lower);
        let has_digits = |digits: &str| self.digits.as_deref().is_some_and(|wanted| digits.contains(wanted));
        match owner {
            Owner::LoyalClient(client) => {
                client.id.to_string() == self.lower
                    || client.name.as_deref().is_some_and(holds)
                    || client.email.as_deref().is_some_and(holds)
                    || has_digits(&client.phone.to_string())
            }
            Owner::Ibonus(client) => {
                client.id.to_string() == self.lower
                    || client.name.as_deref().is_some_and(holds)
                    || client.email.as_deref().is_some_and(holds)
                    || client.phone.as_ref().is_some_and(|own| {
                        let digits = own.digits();
                        has_digits(digits)
                            || phone::digits(digits).is_some_and(|number| has_digits(&number.to_string()))
                    })
            }
            Owner::ProBonus(account) => {
                account.id.to_string() == self.lower
                    || holds(&account.profile.full_name())
                    || account.profile.email.as_deref().is_some_and(holds)
                    || account.phone.as_ref().is_some_and(|own| has_digits(own.number()))
            }
        }
    }
}

fn loyalclient_view(world: &World, client: &loyalclient::records::Client) -> AccountView {
    let holds = world.loyalclient.hold_ids(client).filter_map(|(number, id)| {
        let hold = client.account.active_hold(number)?;
        Some(HoldView { id: id.to_string(), amount: hold.amount, expires_at: hold.expires_at })
    });
    let account = &client.account;
    AccountView {
        api: Programme::LoyalClient.name(),
        id: client.id.to_string(),
        name: client.name.as_deref().map(str::to_owned),
        phone: Some(client.phone.to_string()),
        posted: account.posted(),
        held: account.held(),
        available: account.available(),
        lots: lots(account),
        holds: holds.collect(),
        coupons: Vec::new(),
        entries: entries(account),
        rubles: None,
    }
}

fn ibonus_view(world: &World, client: &ibonus::client::Client) -> AccountView {
    let holds = |currency| {
        let holds = world.ibonus.active_holds_of(client.id).filter(move |hold| hold.currency == currency);
        let view = |hold: &Arc<ibonus::holds::HubHold>| HoldView {
            id: hold.transaction_id.to_string(),
            amount: world.ibonus.held_amount(hold),
            expires_at: hold.expires_at,
        };
        holds.map(view).collect()
    };
    let (points, rubles) = (client.accounts().of(Currency::Points), client.accounts().of(Currency::Rubles));
    AccountView {
        api: Programme::Ibonus.name(),
        id: client.id.to_string(),
        name: client.name.as_deref().map(str::to_owned),
        phone: client.phone.as_ref().map(|phone| phone.digits().to_string()),
        posted: points.posted(),
        held: points.held(),
        available: points.available(),
        lots: lots(points),
        holds: holds(Currency::Points),
        coupons: client.coupons().map(coupon_view).collect(),
        entries: entries(points),
        rubles: Some(RublesView {
            posted: rubles.posted(),
            held: rubles.held(),
            available: rubles.available(),
            lots: lots(rubles),
            holds: holds(Currency::Rubles),
            entries: entries(rubles),
        }),
    }
}

fn probonus_view(account: &probonus::accounts::Account) -> AccountView {
    let points = account.points();
    let coupon_view = |coupon: &probonus::accounts::coupons::Coupon| CouponView {
        id: coupon.id.to_string(),
        title: Some(coupon.name.to_string()),
        state: if coupon.is_over() { "expired" } else { "live" },
        expires_at: coupon.expires_at(),
        token: coupon.code.as_deref().unwrap_or_default().to_owned(),
    };
    AccountView {
        api: Programme::ProBonus.name(),
        id: account.id.to_string(),
        name: Some(account.profile.full_name()).filter(|name| !name.is_empty()),
        phone: account.phone.as_ref().map(|phone| phone.number().to_string()),
        posted: points.posted(),
        held: points.held(),
        available: points.available(),
        lots: lots(points),
        holds: Vec::new(),
        coupons: account.coupons.iter().map(coupon_view).collect(),
        entries: entries(points),
        rubles: None,
    }
}

fn coupon_view(coupon: &Coupon) -> CouponView {
    let title = coupon.texts.header.as_deref().or(coupon.texts.title.as_deref());
    CouponView {
        id: coupon.id.to_string(),
        title: title.map(str::to_owned),
        state: match coupon.state {
            CouponState::Live if coupon.held_by.is_some() => "held",
            CouponState::Live => "live",
            CouponState::Redeemed => "redeemed",
            CouponState::Expired => "expired",
            CouponState::Cancelled => "cancelled",
        },
        expires_at: coupon.expire_date,
        token: coupon.tokens.token.to_string(),
    }
}

fn lots(account: &Account) -> Vec<LotView> {
    let view = |lot: &Lot| LotView {
        id: lot.id.0.to_string(),
        amount: lot.amount,
        expires_at: lot.expires_at,
        active_from: lot.active_from,
    };
    account.lots().map(view).collect()
}

fn entries(account: &Account) -> Vec<EntryView> {
    let newest_first = account.entries().newest_first().map(|entry| EntryView {
        id: entry.id.to_string(),
        at: entry.at,
        kind: entry.kind.name(),
        amount: entry.amount,
        balance: entry.balance,
    });
    let mut entries: Vec<EntryView> = newest_first.collect();
    entries.reverse();
    entries
}
