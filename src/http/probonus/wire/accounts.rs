//! Accounts, their balances, and what they are made of and looked for by.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Burning, Moment, profile};
use crate::http::probonus::fields::{Fields, kinds, moments};
use crate::loyalty::amount::{Amount, Percent};
use crate::loyalty::probonus::Books;
use crate::loyalty::probonus::account_groups::Group;
use crate::loyalty::probonus::accounts::balance::ExtendedBalance;
use crate::loyalty::probonus::accounts::find::AccountsQuery;
use crate::loyalty::probonus::accounts::identifiers::IdentifierOrder;
use crate::loyalty::probonus::accounts::insert::{AccountOrder, TemplateOrder};
use crate::loyalty::probonus::accounts::update::AccountUpdate;
use crate::loyalty::probonus::accounts::{Account, Profile, Sex};
use crate::loyalty::probonus::calendar::UtcOffset;
use crate::loyalty::probonus::discounts::Discount;
use crate::loyalty::probonus::identifier_types::IdentifierType;
use crate::loyalty::probonus::ids::{AccountId, DiscountId, GroupId, IdentifierTypeId};
use crate::loyalty::probonus::page::Page;

/// An account with all that its answer shows of other records; nothing is copied.
pub(in crate::http::probonus) struct Shown {
    account: Arc<Account>,
    group: Option<Arc<Group>>,
    discount: Option<(Arc<Discount>, Percent, Option<usize>)>,
    /// The types of the identifiers, one for each.
    types: Vec<Option<Arc<IdentifierType>>>,
    offset: UtcOffset,
}

impl Shown {
    pub(in crate::http::probonus) fn of(account: &Arc<Account>, books: &Books) -> Shown {
        let current = books.discount_of(account);
        let discount =
            current.and_then(|it| Some((books.discount(it.discount.id)?.clone(), it.percent, it.step)));
        let types = account.identifiers.iter().map(|it| books.identifier_type(it.type_id).cloned());
        Shown {
            account: Arc::clone(account),
            group: books.group(account.group).cloned(),
            discount,
            types: types.collect(),
            offset: books.rules().utc_offset,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireAccount<'a> {
    id: u64,
    account_group_id: u64,
    account_group_name: &'a str,
    last_name: Option<&'a str>,
    first_name: Option<&'a str>,
    patronymic: Option<&'a str>,
    birthday: Option<NaiveDate>,
    sex: Option<Sex>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    comment: Option<&'a str>,
    identifiers: Vec<WireIdentifier<'a>>,
    balance: Amount,
    discount: Option<CurrentDiscount<'a>>,
    turnover: Amount,
    coupons: Vec<WireCoupon<'a>>,
    burning: Option<Burning>,
    is_active: bool,
    created_at: Moment,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireIdentifier<'a> {
    id: u64,
    type_id: u64,
    type_name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct CurrentDiscount<'a> {
    id: u64,
    name: &'a str,
    kind: &'static str,
    percent: Percent,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireCoupon<'a> {
    id: u64,
    name: &'a str,
    code: Option<&'a str>,
    valid_until: Option<NaiveDate>,
}

pub(in crate::http::probonus) fn account(shown: &Shown) -> WireAccount<'_> {
    let Shown { account, group, discount, types, offset } = shown;
    let profile = &account.profile;
    let identifiers = account.identifiers.iter().zip(types).map(|(it, kind)| WireIdentifier {
        id: it.id.0,
        type_id: it.type_id.0,
        type_name: kind.as_ref().map_or("", |kind| &kind.name),
        value: &it.value,
    });
    let coupons = account.live_coupons().map(|coupon| WireCoupon {
        id: coupon.id.0,
        name: &coupon.name,
        code: coupon.code.as_deref(),
        valid_until: coupon.valid_until,
    });
    let discount = discount.as_ref().map(|(discount, percent, step)| CurrentDiscount {
        id: discount.id.0,
        name: &discount.name,
        kind: discount.kind.name(),
        percent: *percent,
        step: *step,
    });
    WireAccount {
        id: account.id.0,
        account_group_id: account.group.0,
        account_group_name: group.as_ref().map_or("", |group| &group.name),
        last_name: profile.last_name.as_deref(),
        first_name: profile.first_name.as_deref(),
        patronymic: profile.patronymic.as_deref(),
        birthday: profile.birthday,
        sex: profile.sex,
        phone: account.phone.as_ref().map(|phone| &**phone.as_given()),
        email: profile.email.as_deref(),
        comment: profile.comment.as_deref(),
        identifiers: identifiers.collect(),
        balance: account.points().posted(),
        discount,
        turnover: account.turnover,
        coupons: coupons.collect(),
        burning: Burning::after(account.burning_days),
        is_active: account.is_active,
        created_at: Moment { at: account.created_at, offset: *offset },
    }
}

pub(in crate::http::probonus) struct GivenQuery {
    group: Option<GroupId>,
    text: Option<String>,
    page: Page,
}

impl GivenQuery {
    pub(in crate::http::probonus) fn as_order(&self) -> AccountsQuery<'_> {
        AccountsQuery { group: self.group, text: self.text.as_deref(), page: self.page }
    }
}

pub(in crate::http::probonus) fn query(fields: &Fields<'_, '_>) -> Option<GivenQuery> {
    let group = fields.optional("accountGroupId", kinds::id);
    let text = fields.optional("query", kinds::text);
    let offset = fields.optional("offset", kinds::count);
    let limit = fields.optional("limit", kinds::count);
    let default = Page::default();
    let page = Page { offset: offset?.unwrap_or(default.offset), limit: limit?.unwrap_or(default.limit) };
    Some(GivenQuery { group: group?, text: text?, page })
}

pub(in crate::http::probonus) fn identifier_query(
    fields: &Fields<'_, '_>,
) -> Option<(String, Option<IdentifierTypeId>)> {
    let (value, type_id) = (fields.required("value", kinds::text), fields.optional("typeId", kinds::id));
    Some((value?, type_id?))
}

/// An account to be opened by template.
pub(in crate::http::probonus) struct GivenTemplateOrder {
    group: GroupId,
    profile: Profile,
    phone: String,
    identifiers: Vec<IdentifierOrder>,
}

impl GivenTemplateOrder {
    pub(in crate::http::probonus) fn as_order(&self) -> TemplateOrder<'_> {
        TemplateOrder {
            group: self.group,
            profile: self.profile.clone(),
            phone: &self.phone,
            identifiers: self.identifiers.clone(),
        }
    }
}

/// At least profile and phone \[D\]; of the profile a name \[I\].
pub(in crate::http::probonus) fn insert_by_template(fields: &Fields<'_, '_>) -> Option<GivenTemplateOrder> {
    let group = profile::group(fields);
    let is_named = fields.has("lastName") || fields.has("firstName");
    let name = if is_named { Some(()) } else { fields.missing("lastName") };
    let profile = profile::profile(fields);
    let phone = fields.required("phone", kinds::text);
    let identifiers = fields.optional("identifiers", profile::identifiers);
    name?;
    let identifiers = identifiers?.unwrap_or_default();
    Some(GivenTemplateOrder { group: group?, profile: profile?, phone: phone?, identifiers })
}

/// An account to be opened with what is given.
pub(in crate::http::probonus) struct GivenOrder {
    phone: Option<String>,
    /// Without its phone.
    order: AccountOrder<'static>,
}

impl GivenOrder {
    pub(in crate::http::probonus) fn as_order(&self) -> AccountOrder<'_> {
        AccountOrder { phone: self.phone.as_deref(), ..self.order.clone() }
    }
}

pub(in crate::http::probonus) fn insert(fields: &Fields<'_, '_>) -> Option<GivenOrder> {
    let group = profile::group(fields);
    let profile = profile::profile(fields);
    let phone = fields.optional("phone", kinds::text);
    let identifiers = fields.optional("identifiers", profile::identifiers);
    let discount = fields.optional("discountId", kinds::id);
    let burning_days = fields.optional("burning", super::burning);
    let turnover = fields.optional("turnover", kinds::sum);
    let is_active = fields.optional("isActive", kinds::flag);
    let order = AccountOrder {
        group: group?,
        profile: profile?,
        phone: None,
        identifiers: identifiers?.unwrap_or_default(),
        discount: discount?,
        burning_days: burning_days?,
        turnover: turnover?.unwrap_or_default(),
        is_active: is_active?.unwrap_or(true),
    };
    Some(GivenOrder { phone: phone?, order })
}

pub(in crate::http::probonus) fn update(fields: &Fields<'_, '_>) -> Option<(AccountId, AccountUpdate)> {
    let text = |name: &'static str| fields.change(name, |place| place.nullable(kinds::kept));
    let id = fields.required("id", kinds::id);
    let group = fields.change("accountGroupId", kinds::id);
    let (last_name, first_name, patronymic) = (text("lastName"), text("firstName"), text("patronymic"));
    let birthday = fields.change("birthday", |place| place.nullable(moments::date));
    let sex = fields.change("sex", |place| place.nullable(profile::sex));
    let (phone, email, comment) = (text("phone"), text("email"), text("comment"));
    let identifiers = fields.change("identifiers", profile::identifiers);
    let discount = fields.change("discountId", |place| place.nullable(kinds::id::<DiscountId>));
    let burning_days = fields.change("burning", |place| place.nullable(super::burning));
    let turnover = fields.change("turnover", kinds::sum);
    let is_active = fields.change("isActive", kinds::flag);
    let update = AccountUpdate {
        group: group?,
        last_name: last_name?,
        first_name: first_name?,
        patronymic: patronymic?,
        birthday: birthday?,
        sex: sex?,
        email: email?,
        comment: comment?,
        phone: phone?,
        identifiers: identifiers?,
        discount: discount?,
        turnover: turnover?,
        burning_days: burning_days?,
        is_active: is_active?,
    };
    Some((id?, update))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct Balance {
    account_id: u64,
    balance: Amount,
}

pub(in crate::http::probonus) fn balance(id: AccountId, balance: Amount) -> Balance {
    Balance { account_id: id.0, balance }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireExtendedBalance {
    account_id: u64,
    balance: Amount,
    available: Amount,
    pending: Vec<PendingPart>,
    burning: Vec<BurningPart>,
    permanent: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PendingPart {
    amount: Amount,
    active_from: Moment,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BurningPart {
    amount: Amount,
    burn_date: NaiveDate,
    days_left: u64,
}

pub(in crate::http::probonus) fn extended_balance(
    id: AccountId,
    balance: &ExtendedBalance,
    offset: UtcOffset,
) -> WireExtendedBalance {
    let pending = balance.pending.iter().map(|part| PendingPart {
        amount: part.amount,
        active_from: Moment { at: part.active_from, offset },
    });
    let burning = balance.burning.iter().map(|part| BurningPart {
        amount: part.amount,
        burn_date: part.burn_date,
        days_left: part.days_left,
    });
    WireExtendedBalance {
        account_id: id.0,
        balance: balance.balance,
        available: balance.available,
        pending: pending.collect(),
        burning: burning.collect(),
        permanent: balance.permanent,
    }
}
