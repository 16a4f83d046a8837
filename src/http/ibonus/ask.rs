//! One call of i-bonus.me as its handler sees it, and the three doors to the books: credentials, then input, then
//! rules, all under one lock \[I: the order\].

use actix_web::http::header::{AUTHORIZATION, HOST};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::error::{Failed, Failure};
use super::parameters::Parameters;
use super::pictures;
use crate::http::Shared;
use crate::http::call::Call;
use crate::http::select::{basic, split_credential};
use crate::loyalty::ibonus::image::Picture;
use crate::loyalty::ibonus::users::UserId;
use crate::loyalty::ibonus::{Books, Refusal};
use crate::loyalty::time::Time;
use crate::sandbox::DEFAULT_SANDBOX;

/// What a handler answers.
pub(super) type Answer = Result<HttpResponse, Failed>;

/// One call.
pub(super) struct Ask<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) call: &'a Call,
    /// What stands in the path where its pattern has an id: empty if it has none.
    pub(super) id: &'a str,
}

/// The books, while the lock is held.
pub(super) struct Open<'w> {
    pub(super) books: &'w mut Books,
    /// Who calls.
    pub(super) by: UserId,
    pub(super) now: Time,
}

impl Ask<'_> {
    /// The body.
    pub(super) fn body(&self) -> &[u8] {
        &self.call.body
    }

    /// The id in the path. What is no number is the id of nothing \[I\].
    pub(super) fn id<T: From<u64>>(&self, what: &str) -> Result<T, Failure> {
        let segment = self.id;
        let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
        let id = segment.parse::<u64>().ok().filter(|_| is_number);
        id.map(T::from).ok_or_else(|| Failure::unknown_id(what, segment))
    }

    /// For who logs in by HTTP Basic.
    pub(super) fn as_user<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(Open<'_>, I) -> Result<O, Failure>,
    ) -> Result<O, Failed> {
        let headers = self.request.headers();
        let credentials = basic(headers).ok_or(Failure::BadCredentials(match headers.get(AUTHORIZATION) {
            None => "Login and password are missing: send them by HTTP Basic.",
            Some(_) => "The header Authorization holds no login and password in the form of HTTP Basic.",
        }));
        self.run(|books, now| {
            let (user, password) = credentials?;
            let by = books.log_in(split_credential(&user).0, &password);
            let by = by.ok_or(Failure::BadCredentials("Login or password is wrong."))?;
            work(Open { books, by, now }, input?)
        })
    }

    /// For the fiscal hub: the query has `login` and `api_key` \[D\]; Basic is not looked at \[I\].
    pub(super) fn through_hub<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(Open<'_>, I) -> Result<O, Failure>,
    ) -> Result<O, Failed> {
        let query = Parameters::of(self.request);
        self.run(|books, now| {
            let (Some(login), Some(api_key)) = (query.get("login"), query.get("api_key")) else {
                let missing = "login or api_key is missing: both stand in the query.";
                return Err(Failure::BadCredentials(missing));
            };
            let by = books.log_in_to_hub(split_credential(login).0, api_key);
            let by = by.ok_or(Failure::BadCredentials("login or api_key is wrong."))?;
            work(Open { books, by, now }, input?)
        })
    }

    /// For the registration of merchants: the query has the `token` that the vendor hands out \[D\].
    pub(super) fn with_public_token<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(&mut Books, &str, I) -> Result<O, Refusal>,
    ) -> Result<O, Failed> {
        let query = Parameters::of(self.request);
        self.run(|books, _| {
            let token = query.get("token");
            let token = token.ok_or(Failure::BadCredentials("token is missing: it stands in the query."))?;
            let token = split_credential(token).0;
            if books.public_token() != Some(token) {
                return Err(Refusal::WrongPublicToken.into());
            }
            Ok(work(books, token, input?)?)
        })
    }

    /// Without credentials.
    pub(super) fn run<O>(
        &self,
        work: impl FnOnce(&mut Books, Time) -> Result<O, Failure>,
    ) -> Result<O, Failed> {
        let outcome = self.call.sandbox.run(|world, now| {
            let outcome = work(&mut world.ibonus, now);
            outcome.map_err(|failure| (failure, now))
        });
        outcome.map_err(|(failure, now)| Failed::new(failure, self.request.path(), now))
    }

    /// A failure that is none of the books'.
    pub(super) fn fails(&self, failure: Failure) -> Failed {
        let now = self.call.sandbox.run(|_, now| now);
        Failed::new(failure, self.request.path(), now)
    }

    /// The absolute URL of a picture; of one that is kept here it leads back to the same sandbox.
    pub(super) fn url_of(&self, picture: &Picture) -> String {
        let image = match picture {
            Picture::Url(url) => return url.to_string(),
            Picture::Stored(image) => image,
        };
        let host = self.request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| !host.is_empty()).map(str::to_owned).or_else(|| self.address());
        let sandbox = match self.call.sandbox.name() {
            DEFAULT_SANDBOX => String::new(),
            name => format!("/sandboxes/{name}"),
        };
        let path = pictures::path_of(&image.name);
        format!("http://{}{sandbox}{path}", host.unwrap_or_default())
    }

    /// Where the server listens: for who does not say how it is called.
    fn address(&self) -> Option<String> {
        let shared = self.request.app_data::<Data<Shared>>()?;
        shared.address.get().map(ToString::to_string)
    }
}
