//! The operations of the emulated APIs: one table of each, one router over all, made once for all workers.
//!
//! Their names are the ones of the journal, of faults, of coverage, of metrics, and of the contract documents'
//! `operationId`. actix routes none of them: it would make all routes anew for each worker, and those with an id in
//! the path would be regular expressions.

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use matchit::Router;

use super::call::Call;
use super::{ibonus, loyalclient, probonus};
use crate::loyalty::Programme;

/// One line of an API's table: the operation's name, its methods, its path with `{id}` for what varies.
#[derive(Clone, Copy)]
pub(super) struct Route(pub(super) &'static str, pub(super) &'static [Method], pub(super) &'static str);

/// An operation of an emulated API.
#[derive(Debug)]
pub struct Operation {
    /// Whose it is.
    pub api: Programme,
    /// Its name.
    pub name: &'static str,
    /// The methods it is called by.
    pub methods: &'static [Method],
    /// Its path, with `{id}` for what varies.
    pub path: &'static str,
    /// Its place among all operations.
    pub number: usize,
    /// Its place in its API's table.
    route: usize,
}

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'p> {
    /// An operation; `id` is what stands in the path, empty if nothing varies there.
    Operation { operation: &'static Operation, id: &'p str },
    /// A path that has operations, but not by this method; and by which it has some.
    OtherMethod { allow: &'static str },
    /// None.
    Nothing,
}

/// The operations of one path.
struct Resource {
    operations: Vec<usize>,
    allow: String,
}

struct Table {
    operations: Vec<Operation>,
    resources: Router<Resource>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Table {
        let tables = [
            (Programme::LoyalClient, loyalclient::routes().collect::<Vec<_>>()),
            (Programme::Ibonus, ibonus::routes().collect()),
            (Programme::ProBonus, probonus::routes().collect()),
        ];
        let mut operations = Vec::new();
        let mut resources: Vec<(&'static str, Resource)> = Vec::new();
        for (api, routes) in tables {
            for (route, Route(name, methods, path)) in routes.into_iter().enumerate() {
                let number = operations.len();
                operations.push(Operation { api, name, methods, path, number, route });
                let known = resources.iter_mut().find(|(known, _)| *known == path);
                let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
                let names = names.join(", ");
                match known {
                    Some((_, resource)) => {
                        resource.operations.push(number);
                        resource.allow = format!("{}, {names}", resource.allow);
                    }
                    None => resources.push((path, Resource { operations: vec![number], allow: names })),
                }
            }
        }
        let mut router = Router::new();
        for (path, resource) in resources {
            router.insert(path, resource).expect("the paths of the tables do not contradict each other");
        }
        Table { operations, resources: router }
    }
}

/// All operations, in the order of their numbers.
pub fn operations() -> &'static [Operation] {
    &TABLE.operations
}

/// What a request with this method for this path is for. One slash at the end of a path of i-bonus.me is not looked
/// at \[I\].
pub(super) fn find<'p>(method: &Method, path: &'p str) -> Wanted<'p> {
    let path = match path.strip_suffix('/') {
        Some(shorter) if path.starts_with("/ext/") => shorter,
        _ => path,
    };
    let table = &*TABLE;
    let Ok(found) = table.resources.at(path) else {
        return Wanted::Nothing;
    };
    let mut operations = found.value.operations.iter().map(|number| &table.operations[*number]);
    match operations.find(|operation| operation.methods.contains(method)) {
        Some(operation) => Wanted::Operation { operation, id: found.params.get("id").unwrap_or_default() },
        None => Wanted::OtherMethod { allow: &found.value.allow },
    }
}

/// Answers a request to an emulated API; `path` is the routed one.
pub(super) fn answer(
    api: Programme,
    wanted: Wanted<'_>,
    path: &str,
    request: &HttpRequest,
    call: &Call,
) -> HttpResponse {
    match (api, wanted) {
        (Programme::LoyalClient, Wanted::Operation { operation, .. }) => {
            loyalclient::answer_to(operation.route, request, call)
        }
        (Programme::LoyalClient, Wanted::OtherMethod { .. }) => {
            loyalclient::method_not_allowed(request, call)
        }
        (Programme::LoyalClient, Wanted::Nothing) => loyalclient::not_found(request, call),
        (Programme::Ibonus, Wanted::Operation { operation, id }) => {
            ibonus::answer(operation.route, id, request, call)
        }
        (Programme::Ibonus, Wanted::OtherMethod { allow }) => {
            ibonus::method_not_allowed(allow, request, call)
        }
        (Programme::Ibonus, Wanted::Nothing) => ibonus::elsewhere(path, request, call),
        (Programme::ProBonus, Wanted::Operation { operation, .. }) => {
            probonus::answer(operation.route, request, call)
        }
        (Programme::ProBonus, Wanted::OtherMethod { allow }) => probonus::method_not_allowed(allow),
        (Programme::ProBonus, Wanted::Nothing) => probonus::not_found(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_with_what_stands_in_it() {
        let found = |method: Method, path: &'static str| match find(&method, path) {
            Wanted::Operation { operation, id } => format!("{} {id}", operation.name),
            Wanted::OtherMethod { allow } => format!("only {allow}"),
            Wanted::Nothing => "nothing".to_owned(),
        };
        for (method, path, wanted) in [
            (Method::POST, "/integration/general/client", "client "),
            (Method::POST, "/integration/general/client/", "nothing"),
            (Method::GET, "/integration/general/client", "only POST"),
            (Method::GET, "/ext/api/v1/clients/", "clients.list "),
            (Method::GET, "/ext/api/v1/clients", "clients.list "),
            (Method::GET, "/ext/api/v1/clients//", "nothing"),
            (Method::GET, "/ext/api/v1/clients/coupons/", "clients.findCoupon "),
            (Method::GET, "/ext/api/v1/clients/70/", "clients.byToken 70"),
            (Method::GET, "/ext/api/v1/clients/70/balance/history/", "clients.history 70"),
            (Method::PUT, "/ext/api/v1/fiscal/orders/", "only GET, POST"),
            (Method::GET, "/ext/api/v1/loyalty/coupons/5/image/", "only POST, DELETE"),
            (Method::GET, "/ext", "nothing"),
            (Method::GET, "/_stend/health", "nothing"),
        ] {
            assert_eq!(found(method, path), wanted, "{path}");
        }
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for operation in operations() {
            let path = operation.path.replace("{id}", "7");
            for method in operation.methods {
                let found = find(method, &path);
                assert!(
                    matches!(found, Wanted::Operation { operation: found, .. } if found.name == operation.name),
                    "{} is not found by {path}: {found:?}",
                    operation.name
                );
            }
        }
    }
}
