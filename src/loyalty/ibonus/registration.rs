//! `/merchant/public/`: the calls with which a merchant registers itself; they carry the vendor's token.

use std::sync::Arc;

use super::phone::Phone;
use super::users::{Merchant, Person, UserId};
use super::{Books, Refusal, TOKEN_BYTES, find::Customer};

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeUse {
    /// `create`.
    Registration,
    /// `auth_via_code`.
    Authorisation,
}

/// Where a code was sent: an e-mail, or the digits of a phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// An e-mail.
    Email(Arc<str>),
    /// The digits of a phone.
    Phone(Arc<str>),
}

/// What a code is for, and where it was sent.
pub type CodeKey = (CodeUse, Address);

/// A code that was sent. It does not expire \[I\]; the next one takes its place \[I\].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Six digits.
    pub code: Arc<str>,
    /// It works once.
    pub used: bool,
}

/// Whether a merchant is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exists {
    /// Somebody logs in with this phone or e-mail as a merchant \[D\].
    pub exists: bool,
    /// And its programme is active \[D\].
    pub has_loyalty_settings: bool,
}

/// A merchant to be created.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)] // the names say it
pub struct Registration<'a> {
    /// E-mail and phone; to one of them the code was sent.
    pub contact: Customer<'a>,
    pub code: &'a str,
    pub password: &'a str,
    pub first_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub company: Option<&'a str>,
    pub company_url: Option<&'a str>,
    pub inn: Option<&'a str>,
}

impl Books {
    /// The token that the vendor hands out.
    pub fn public_token(&self) -> Option<&str> {
        self.public_token.as_deref()
    }

    /// Sets the token that the vendor hands out; without one the registration is closed.
    pub fn set_public_token(&mut self, token: Option<&str>) {
        self.public_token = token.map(Arc::from);
    }

    /// The last code that was sent to each address.
    pub fn codes(&self) -> impl ExactSizeIterator<Item = (&CodeKey, &Code)> {
        self.codes.iter()
    }

    /// Remembers a code that was sent: for a restored export.
    pub fn add_code(&mut self, key: CodeKey, code: Code) {
        self.codes.insert(key, code);
    }

    /// Whether a merchant of this phone or e-mail is there.
    pub fn merchant_exists(&self, token: &str, contact: Customer<'_>) -> Result<Exists, Refusal> {
        self.check_public_token(token)?;
        let exists = self.find_merchant(contact).is_some();
        Ok(Exists { exists, has_loyalty_settings: exists && self.settings().active })
    }

    /// Sends a code for [`Books::create_merchant`]: with both addresses given, to the e-mail only \[D\].
    pub fn send_code(&mut self, token: &str, contact: Customer<'_>) -> Result<Arc<str>, Refusal> {
        self.check_public_token(token)?;
        self.send(CodeUse::Registration, contact)
    }

    /// Creates a merchant, who can then log in and work in the same programme \[I\], with a fiscal key of its own
    /// and its phone's digits, or else its e-mail, as the fiscal login \[I\].
    ///
    /// Refuses: a wrong token; neither phone nor e-mail; an empty password; a wrong code, a used one; an e-mail or
    /// phone that somebody logs in with.
    pub fn create_merchant(&mut self, token: &str, order: &Registration<'_>) -> Result<UserId, Refusal> {
        self.check_public_token(token)?;
        if !order.contact.is_named() {
            return Err(Refusal::AddressMissing);
        }
        if order.password.is_empty() {
            return Err(Refusal::PasswordMissing);
        }
        let code = self.check_code(CodeUse::Registration, order.contact, order.code)?;
        let (email, phone) = contact(order.contact);
        let taken_email = email.as_ref().is_some_and(|email| self.logins.names.contains_key(email));
        let taken_phone = phone.as_ref().is_some_and(|it| self.logins.phones.contains_key(it.digits()));
        if taken_email || taken_phone {
            return Err(Refusal::MerchantExists);
        }

        self.use_code(&code);
        let key = self.mint.token::<TOKEN_BYTES>().into();
        let login = phone.as_ref().map(|phone| Arc::clone(phone.digits())).or_else(|| email.clone());
        let merchant = Merchant {
            id: self.counts.merchants.take(),
            person: Person {
                email,
                phone,
                password: order.password.into(),
                first_name: order.first_name.map(Box::from),
                last_name: order.last_name.map(Box::from),
                inn: order.inn.map(Box::from),
            },
            company: order.company.map(Box::from),
            company_url: order.company_url.map(Box::from),
            fiscal_api_key: key,
            fiscal_login: login.expect("a phone or an e-mail was checked before"),
        };
        let user = UserId::Merchant(merchant.id);
        self.insert_merchant(merchant);
        Ok(user)
    }

    /// Sends a code for [`Books::auth_via_code`].
    ///
    /// Refuses: a wrong token; neither phone nor e-mail; a merchant that is not there \[I\].
    pub fn send_auth_code(&mut self, token: &str, contact: Customer<'_>) -> Result<Arc<str>, Refusal> {
        self.check_public_token(token)?;
        if contact.is_named() && self.find_merchant(contact).is_none() {
            return Err(Refusal::MerchantNotFound);
        }
        self.send(CodeUse::Authorisation, contact)
    }

    /// Accepts a code, once; answers it \[E: the example looks like a slip\].
    pub fn auth_via_code(
        &mut self,
        token: &str,
        contact: Customer<'_>,
        code: &str,
    ) -> Result<Arc<str>, Refusal> {
        self.check_public_token(token)?;
        if !contact.is_named() {
            return Err(Refusal::AddressMissing);
        }
        let key = self.check_code(CodeUse::Authorisation, contact, code)?;
        self.use_code(&key);
        Ok(code.into())
    }

    fn check_public_token(&self, token: &str) -> Result<(), Refusal> {
        match self.public_token() {
            Some(public) if public == token => Ok(()),
            _ => Err(Refusal::WrongPublicToken),
        }
    }

    fn find_merchant(&self, of: Customer<'_>) -> Option<UserId> {
        let (email, phone) = contact(of);
        let by_email = email.and_then(|email| self.logins.names.get(&email));
        let by_phone = phone.and_then(|phone| self.logins.phones.get(phone.digits()));
        by_email.into_iter().chain(by_phone).find(|user| matches!(user, UserId::Merchant(_))).copied()
    }

    fn send(&mut self, code_use: CodeUse, to: Customer<'_>) -> Result<Arc<str>, Refusal> {
        let address = addresses(to).next().ok_or(Refusal::AddressMissing)?;
        let code: Arc<str> = self.mint.code(6).into();
        self.codes.insert((code_use, address), Code { code: Arc::clone(&code), used: false });
        Ok(code)
    }

    /// The code that was sent to one of these addresses, if it is this one.
    fn check_code(&self, code_use: CodeUse, to: Customer<'_>, code: &str) -> Result<CodeKey, Refusal> {
        let mut sent = addresses(to).map(|address| (code_use, address));
        let key = sent.find(|key| self.codes.get(key).is_some_and(|sent| *sent.code == *code));
        let key = key.ok_or(Refusal::WrongCode)?;
        match self.codes.get(&key) {
            Some(Code { used: false, .. }) => Ok(key),
            _ => Err(Refusal::UsedCode),
        }
    }

    fn use_code(&mut self, key: &CodeKey) {
        if let Some(code) = self.codes.get_mut(key) {
            code.used = true;
        }
    }

    /// Puts a merchant into the books and their indexes.
    pub(super) fn insert_merchant(&mut self, merchant: Merchant) {
        let user = UserId::Merchant(merchant.id);
        self.logins.add(user, &merchant.person, None);
        self.logins.fiscal.insert(Arc::clone(&merchant.fiscal_login), user);
        self.merchants.insert(merchant.id, Arc::new(merchant));
    }
}

/// The addresses a contact names, the e-mail first.
fn addresses(of: Customer<'_>) -> impl Iterator<Item = Address> {
    let (email, phone) = contact(of);
    let phone = phone.map(|phone| Address::Phone(Arc::clone(phone.digits())));
    email.map(Address::Email).into_iter().chain(phone)
}

fn contact(of: Customer<'_>) -> (Option<Arc<str>>, Option<Phone>) {
    (of.email().map(Arc::from), of.phone.and_then(|phone| Phone::new(phone.trim())))
}
