//! `accounts.insert_by_template`, `accounts.insert`: opens an account.

use std::sync::Arc;

use imbl::OrdMap;

use super::super::account_groups::{Template, check_days};
use super::super::ids::{AccountId, DiscountId, GroupId};
use super::super::phone::Phone;
use super::super::{Books, Refusal};
use super::identifiers::IdentifierOrder;
use super::{Account, Note, Profile, TransactionKind};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;
use crate::loyalty::time::Time;

/// What a welcome bonus's transaction says \[I\].
pub const WELCOME_COMMENT: &str = "Приветственные бонусы";

/// An account to be opened by its group's template: at least profile and phone \[D\].
#[derive(Clone, Debug)]
pub struct TemplateOrder<'a> {
    /// The group.
    pub group: GroupId,
    /// Who it is.
    pub profile: Profile,
    /// The phone.
    pub phone: &'a str,
    /// What it is known by, beside the phone.
    pub identifiers: Vec<IdentifierOrder>,
}

/// An account to be opened with everything given explicitly.
#[derive(Clone, Debug)]
pub struct AccountOrder<'a> {
    /// The group.
    pub group: GroupId,
    /// Who it is.
    pub profile: Profile,
    /// The phone; left out: none \[I\].
    pub phone: Option<&'a str>,
    /// What it is known by, beside the phone.
    pub identifiers: Vec<IdentifierOrder>,
    /// The discount or bonus.
    pub discount: Option<DiscountId>,
    /// After how many days new points burn.
    pub burning_days: Option<u32>,
    /// What it has paid elsewhere; it says the first step of a ladder.
    pub turnover: Amount,
    /// Whether points come and go.
    pub is_active: bool,
}

impl AccountOrder<'_> {
    /// An active account in this group, and nothing else.
    pub fn new(group: GroupId) -> Self {
        AccountOrder {
            group,
            profile: Profile::default(),
            phone: None,
            identifiers: Vec::new(),
            discount: None,
            burning_days: None,
            turnover: Amount::ZERO,
            is_active: true,
        }
    }
}

impl Books {
    /// Opens an account by its group's template, which sets level, welcome bonus and burning \[D\].
    ///
    /// Refuses: an unknown group; one without a template \[D\]; a phone without digits, or that another account has;
    /// identifiers of an unknown type, not as its mask says, named twice, or that another account has.
    pub fn insert_by_template(
        &mut self,
        order: TemplateOrder<'_>,
        now: Time,
    ) -> Result<Arc<Account>, Refusal> {
        let group = self.find_group(order.group)?;
        let template = group.template().ok_or(Refusal::NoTemplate { group: order.group })?.clone();
        let Template { discount, welcome_bonus, burning_days, .. } = template;
        let order = AccountOrder {
            profile: order.profile,
            phone: Some(order.phone),
            identifiers: order.identifiers,
            discount,
            burning_days,
            ..AccountOrder::new(order.group)
        };
        let id = self.open(order, now)?;

        if welcome_bonus.is_positive() {
            let comment = Some(WELCOME_COMMENT.into());
            self.accrue(
                id,
                welcome_bonus,
                Note { kind: TransactionKind::Accrual, comment, check: None },
                now,
            );
        }
        Ok(Arc::clone(self.known_account(id)))
    }

    /// Opens an account with what is given. The group need not have a template, and its template gives nothing
    /// here \[I\].
    ///
    /// Refuses: an unknown group; a phone and identifiers as [`Books::insert_by_template`] does; an unknown
    /// discount; a turnover under zero; points that would burn at once.
    pub fn insert_account(&mut self, order: AccountOrder<'_>, now: Time) -> Result<Arc<Account>, Refusal> {
        self.find_group(order.group)?;
        let id = self.open(order, now)?;
        Ok(Arc::clone(self.known_account(id)))
    }

    fn open(&mut self, order: AccountOrder<'_>, now: Time) -> Result<AccountId, Refusal> {
        let phone = self.check_phone(order.phone, None)?;
        self.check_identifiers(&order.identifiers, None)?;
        self.check_discount(order.discount)?;
        if order.turnover.is_negative() {
            return Err(Refusal::AmountNegative);
        }
        check_days(order.burning_days)?;

        let id = self.counts.accounts.take();
        let identifiers = self.new_identifiers(order.identifiers, &[]);
        self.insert_into_books(Account {
            id,
            group: order.group,
            profile: order.profile,
            phone,
            identifiers,
            discount: order.discount,
            turnover: order.turnover,
            turnover_peak: order.turnover,
            coupons: Arc::default(),
            burning_days: order.burning_days,
            is_active: order.is_active,
            created_at: now,
            points: ledger::Account::default(),
            notes: OrdMap::new(),
        });
        Ok(id)
    }

    /// Reads the phone that `own` account, or a new one, is to have.
    pub(in super::super) fn check_phone(
        &self,
        phone: Option<&str>,
        own: Option<AccountId>,
    ) -> Result<Option<Phone>, Refusal> {
        let Some(text) = phone else { return Ok(None) };
        let phone = Phone::new(text).ok_or(Refusal::BadPhone)?;
        match self.by_phone.get(phone.number()) {
            Some(account) if Some(*account) != own => Err(Refusal::PhoneTaken { account: *account }),
            _ => Ok(Some(phone)),
        }
    }

    /// Puts an account into the books and their indexes.
    pub(in super::super) fn insert_into_books(&mut self, account: Account) {
        let id = account.id;
        account.phone.as_ref().map(|phone| self.by_phone.insert(Arc::clone(phone.number()), id));
        self.index_identifiers(&account, true);
        self.by_group.insert((account.group, id));
        self.count_in_group(account.group, |count| count.saturating_add(1));
        account.next_due().map(|at| self.due.insert((at, id)));
        self.accounts.insert(id, Arc::new(account));
    }
}
