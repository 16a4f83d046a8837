//! Who may call: merchants and their employees; how they log in; `fiscal.auth`.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Books;
use super::ids::{EmployeeId, MerchantId};
use super::phone::{self, Phone};

/// A merchant. The fixture has one; more are registered. All work in the same programme \[I\].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// Its number; the first one is the employees' \[I\].
    pub id: MerchantId,
    /// Its name, e-mail and so on.
    pub person: Person,
    /// The company.
    pub company: Option<Box<str>>,
    /// The company's site.
    pub company_url: Option<Box<str>>,
    /// The key of the fiscal hub.
    pub fiscal_api_key: Arc<str>,
    /// The login of the fiscal hub.
    pub fiscal_login: Arc<str>,
}

/// An employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The id.
    pub id: EmployeeId,
    /// Its name, e-mail and so on.
    pub person: Person,
    /// What it logs in with, beside e-mail and phone \[I\].
    pub login: Option<Arc<str>>,
    /// What it may be called.
    pub role: Option<Role>,
    /// A key of the fiscal hub of its own: only if the fixture gives one \[I\].
    pub fiscal_api_key: Option<Arc<str>>,
}

/// What merchants and employees have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Person {
    pub email: Option<Arc<str>>,
    pub phone: Option<Phone>,
    pub password: Box<str>,
    pub first_name: Option<Box<str>>,
    pub last_name: Option<Box<str>>,
    pub inn: Option<Box<str>>,
}

/// An employee's role \[D\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// At the till.
    Cashier,
    /// Above it.
    Manager,
}

impl Role {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Cashier => "cashier",
            Role::Manager => "manager",
        }
    }
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserId {
    /// A merchant.
    Merchant(MerchantId),
    /// An employee.
    Employee(EmployeeId),
}

/// The users by what they log in with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LoginIndex {
    /// By e-mail and by an employee's login.
    pub(super) names: OrdMap<Arc<str>, UserId>,
    /// By the digits of the phone.
    pub(super) phones: OrdMap<Arc<str>, UserId>,
    /// Merchants by their login of the fiscal hub.
    pub(super) fiscal: OrdMap<Arc<str>, UserId>,
}

impl LoginIndex {
    pub(super) fn add(&mut self, user: UserId, person: &Person, login: Option<&Arc<str>>) {
        for name in person.email.iter().chain(login) {
            self.names.insert(Arc::clone(name), user);
        }
        person.phone.iter().for_each(|phone| {
            self.phones.insert(Arc::clone(phone.digits()), user);
        });
    }

    /// Who may be meant: by name first, then by phone, if the text can be one.
    pub(super) fn find(&self, login: &str) -> impl Iterator<Item = UserId> {
        let by_name = self.names.get(login);
        let by_phone = Some(phone::digits(login))
            .filter(|digits| !digits.is_empty() && !login.contains('@'))
            .and_then(|digits| self.phones.get(digits.as_str()));
        by_name.into_iter().chain(by_phone).copied()
    }
}

/// `fiscal.auth`: who calls, with the merchant's credentials of the fiscal hub, for employees, too \[D\].
#[derive(Clone, Copy, Debug)]
pub struct FiscalAuth<'a> {
    /// Whether it is a merchant or an employee.
    pub user: UserId,
    /// Name, e-mail and so on.
    pub person: &'a Person,
    /// Of employees alone.
    pub role: Option<Role>,
    /// The merchant's key.
    pub api_key: &'a str,
    /// The merchant's login.
    pub login: &'a str,
}

impl Books {
    /// The merchants, the fixture's first.
    pub fn merchants(&self) -> impl ExactSizeIterator<Item = &Arc<Merchant>> {
        self.merchants.values()
    }

    /// The employees, by id.
    pub fn employees(&self) -> impl ExactSizeIterator<Item = &Arc<Employee>> {
        self.employees.values()
    }

    /// An employee.
    pub fn employee(&self, id: EmployeeId) -> Option<&Arc<Employee>> {
        self.employees.get(&id)
    }

    /// Who logs in with e-mail, phone or (employees) login \[I\] and this password.
    pub fn log_in(&self, login: &str, password: &str) -> Option<UserId> {
        self.logins.find(login).find(|user| self.person(*user).is_some_and(|it| *it.password == *password))
    }

    /// Who calls the fiscal hub: a user's e-mail, phone or login \[I\], or the merchant's `fiscalLogin` \[I\], with
    /// the merchant's key \[D\] or the employee's own \[I\].
    pub fn log_in_to_hub(&self, login: &str, api_key: &str) -> Option<UserId> {
        let by_fiscal_login = self.logins.fiscal.get(login).copied();
        self.logins.find(login).chain(by_fiscal_login).find(|user| {
            let own = match user {
                UserId::Merchant(_) => None,
                UserId::Employee(id) => self.employees.get(id).and_then(|it| it.fiscal_api_key.as_deref()),
            };
            let merchants = self.merchant_of(*user).map(|merchant| &*merchant.fiscal_api_key);
            own == Some(api_key) || merchants == Some(api_key)
        })
    }

    /// What `fiscal.auth` tells a user; none if there is no such user, or no merchant.
    pub fn fiscal_auth(&self, user: UserId) -> Option<FiscalAuth<'_>> {
        let merchant = self.merchant_of(user)?;
        let role = match user {
            UserId::Merchant(_) => None,
            UserId::Employee(id) => self.employees.get(&id)?.role,
        };
        Some(FiscalAuth {
            user,
            person: self.person(user)?,
            role,
            api_key: &merchant.fiscal_api_key,
            login: &merchant.fiscal_login,
        })
    }

    /// The merchant that a user is or works for: employees work for the first one \[I\].
    pub fn merchant_of(&self, user: UserId) -> Option<&Arc<Merchant>> {
        match user {
            UserId::Merchant(id) => self.merchants.get(&id),
            UserId::Employee(_) => self.merchants.values().next(),
        }
    }

    /// Name, e-mail and so on of a user.
    pub fn person(&self, user: UserId) -> Option<&Person> {
        match user {
            UserId::Merchant(id) => self.merchants.get(&id).map(|merchant| &merchant.person),
            UserId::Employee(id) => self.employees.get(&id).map(|employee| &employee.person),
        }
    }
}
