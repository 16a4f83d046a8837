//! Merchants and employees from outside.

use std::sync::Arc;

use super::super::Books;
use super::super::ids::{EmployeeId, MerchantId};
use super::super::users::{Employee, LoginIndex, Merchant, Person, UserId};
use super::{Conflict, Conflicts, FieldConflict};

impl Books {
    /// Adds a merchant. The first one is the employees'. An id of 0 is counted on.
    pub fn add_merchant(&mut self, mut merchant: Merchant) -> Result<MerchantId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if merchant.id.0 != 0 && self.merchants.contains_key(&merchant.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        self.check_logins(&merchant.person, None, None, &mut conflicts);
        conflicts.into_result()?;

        let given = Some(merchant.id).filter(|id| id.0 != 0);
        merchant.id = self.counts.merchants.take_or(given);
        let id = merchant.id;
        self.insert_merchant(merchant);
        Ok(id)
    }

    /// Makes a merchant that is there what `merchant` says; answers whether anything changed.
    pub fn change_merchant(&mut self, merchant: Merchant) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.merchants.get(&merchant.id).cloned() else {
            return self.add_merchant(merchant).map(|_| true);
        };
        let mut conflicts = Conflicts::default();
        let user = UserId::Merchant(merchant.id);
        self.check_logins(&merchant.person, None, Some(user), &mut conflicts);
        conflicts.into_result()?;

        let changed = *old != merchant;
        self.logins.remove(&old.person, None);
        if self.logins.fiscal.get(&old.fiscal_login) == Some(&user) {
            self.logins.fiscal.remove(&old.fiscal_login);
        }
        self.insert_merchant(merchant);
        Ok(changed)
    }

    /// Adds an employee. An id of 0 is counted on.
    pub fn add_employee(&mut self, mut employee: Employee) -> Result<EmployeeId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if employee.id.0 != 0 && self.employees.contains_key(&employee.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        self.check_logins(&employee.person, employee.login.as_ref(), None, &mut conflicts);
        conflicts.into_result()?;

        let given = Some(employee.id).filter(|id| id.0 != 0);
        employee.id = self.counts.employees.take_or(given);
        let id = employee.id;
        self.insert_employee(employee);
        Ok(id)
    }

    /// Makes an employee who is there what `employee` says; answers whether anything changed.
    pub fn change_employee(&mut self, employee: Employee) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.employees.get(&employee.id).cloned() else {
            return self.add_employee(employee).map(|_| true);
        };
        let mut conflicts = Conflicts::default();
        let own = Some(UserId::Employee(employee.id));
        self.check_logins(&employee.person, employee.login.as_ref(), own, &mut conflicts);
        conflicts.into_result()?;

        let changed = *old != employee;
        self.logins.remove(&old.person, old.login.as_ref());
        self.insert_employee(employee);
        Ok(changed)
    }

    fn insert_employee(&mut self, employee: Employee) {
        self.logins.add(UserId::Employee(employee.id), &employee.person, employee.login.as_ref());
        self.employees.insert(employee.id, Arc::new(employee));
    }

    fn check_logins(
        &self,
        person: &Person,
        login: Option<&Arc<str>>,
        own: Option<UserId>,
        conflicts: &mut Conflicts,
    ) {
        let (names, phones) = (&self.logins.names, &self.logins.phones);
        let is_others = |user: Option<&UserId>| user.is_some_and(|user| Some(*user) != own);
        if is_others(person.email.as_ref().and_then(|email| names.get(email))) {
            conflicts.add("email", Conflict::DuplicateLogin);
        }
        if is_others(login.and_then(|login| names.get(login))) {
            conflicts.add("login", Conflict::DuplicateLogin);
        }
        if is_others(person.phone.as_ref().and_then(|phone| phones.get(phone.digits()))) {
            conflicts.add("phone", Conflict::DuplicateLogin);
        }
    }
}

impl LoginIndex {
    fn remove(&mut self, person: &Person, login: Option<&Arc<str>>) {
        for name in person.email.iter().chain(login) {
            self.names.remove(name);
        }
        person.phone.iter().for_each(|phone| {
            self.phones.remove(phone.digits());
        });
    }
}
