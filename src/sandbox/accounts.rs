//! The accounts view: whatever owns points, across the programmes, in one shape.

use serde::Serialize;

use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::Account;
use crate::loyalty::loyalclient::{id::ObjectId, phone, records::Client};
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
    /// Coupons; LoyalClient has none.
    pub coupons: [(); 0],
    /// Oldest first.
    pub entries: Vec<EntryView>,
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
    /// Whose id, name or phone holds this text, upper and lower case alike.
    pub text: Option<String>,
    /// How many to skip.
    pub offset: usize,
    /// How many to list at most.
    pub limit: usize,
}

/// A page of accounts, and how many there are in all.
pub fn list(world: &World, query: &AccountsQuery) -> (Vec<AccountView>, usize) {
    if query.api.is_some_and(|api| api != Programme::LoyalClient) {
        return (Vec::new(), 0);
    }
    let books = &world.loyalclient;
    let view = |client: &std::sync::Arc<Client>| loyalclient_view(world, client);
    match query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => {
            let page = books.clients().skip(query.offset).take(query.limit).map(view);
            (page.collect(), books.clients().len())
        }
        Some(text) => {
            let needle = Needle::new(text);
            let matching: Vec<_> = books.clients().filter(|client| needle.is_in(client)).collect();
            let page = matching.iter().skip(query.offset).take(query.limit).map(|client| view(client));
            (page.collect(), matching.len())
        }
    }
}

/// One account.
pub fn get(world: &World, api: Programme, id: &str) -> Option<AccountView> {
    match api {
        Programme::LoyalClient => {
            let client = world.loyalclient.client(ObjectId::parse(id)?)?;
            Some(loyalclient_view(world, client))
        }
        Programme::Ibonus | Programme::ProBonus => None,
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

    fn is_in(&self, client: &Client) -> bool {
        client.id.to_string() == self.lower
            || client.name.as_deref().is_some_and(|name| name.to_lowercase().contains(&self.lower))
            || self.digits.as_deref().is_some_and(|digits| client.phone.to_string().contains(digits))
    }
}

fn loyalclient_view(world: &World, client: &Client) -> AccountView {
    let holds = world.loyalclient.hold_ids(client).filter_map(|(number, id)| {
        let hold = client.account.active_hold(number)?;
        Some(HoldView { id: id.to_string(), amount: hold.amount, expires_at: hold.expires_at })
    });
    view(
        Programme::LoyalClient,
        client.id.to_string(),
        client.name.as_deref(),
        Some(client.phone),
        &client.account,
        holds.collect(),
    )
}

fn view(
    api: Programme,
    id: String,
    name: Option<&str>,
    phone: Option<u64>,
    account: &Account,
    holds: Vec<HoldView>,
) -> AccountView {
    let lots = account.lots().map(|lot| LotView {
        id: lot.id.0.to_string(),
        amount: lot.amount,
        expires_at: lot.expires_at,
        active_from: lot.active_from,
    });
    let mut entries: Vec<EntryView> = account
        .entries()
        .newest_first()
        .map(|entry| EntryView {
            id: entry.id.to_string(),
            at: entry.at,
            kind: entry.kind.name(),
            amount: entry.amount,
            balance: entry.balance,
        })
        .collect();
    entries.reverse();
    AccountView {
        api: api.name(),
        id,
        name: name.map(str::to_owned),
        phone: phone.map(|phone| phone.to_string()),
        posted: account.posted(),
        held: account.held(),
        available: account.available(),
        lots: lots.collect(),
        holds,
        coupons: [],
        entries,
    }
}
