//! i-bonus.me: clients by phone and by a part of it, orders, their lists.

use std::cell::Cell;
use std::hint::black_box;
use std::time::Duration;

use stend::loyalty::Programme;
use stend::loyalty::amount::Amount;
use stend::loyalty::ibonus::find::{ClientsQuery, Customer};
use stend::loyalty::ibonus::ids::ClientId;
use stend::loyalty::ibonus::like::Like;
use stend::loyalty::ibonus::orders::Receipt;
use stend::loyalty::ibonus::orders::line::{Line, Quantity, Unit};
use stend::loyalty::ibonus::orders::list::OrdersQuery;
use stend::loyalty::ibonus::orders::sale::Sale;
use stend::loyalty::ibonus::page::Page;
use stend::loyalty::ibonus::users::UserId;
use stend::sandbox::Sandbox;

use crate::measure::{Column, SAMPLES, WRITES, sample, time};
use crate::support::fixture::{MERCHANT, Programmes, phone};

/// How many orders stand on a page of their list.
const PAGE: Page = Page { offset: 0, limit: Some(20) };

/// All figures of one size.
pub(crate) fn column(clients: u64, sandboxes: usize) -> Column {
    let mut column = Column::default();
    let registry = column.load(Programmes::Ibonus, clients);
    let sandbox = registry.default_sandbox();
    let bench = Bench::new(&sandbox, clients);
    bench.clients(&sandbox, &mut column);
    column.accounts(&sandbox, Programme::Ibonus, clients);
    // Of the fixture as it is.
    column.many(&registry, sandboxes, "ten orders", |sandbox| {
        bench.phones.iter().cycle().take(WRITES).for_each(|phone| bench.order(sandbox, phone));
    });
    bench.orders(&sandbox, &mut column);
    column
}

/// Requests made beforehand.
struct Bench {
    phones: Vec<String>,
    ids: Vec<ClientId>,
    by: UserId,
    lines: Vec<Line>,
    orders: Cell<u64>,
}

impl Bench {
    fn new(sandbox: &Sandbox, clients: u64) -> Bench {
        let (email, password) = MERCHANT.split_once(':').expect("e-mail and password");
        let by = sandbox.run(|world, _| world.ibonus.log_in(email, password)).expect("the merchant is there");
        let phones = sample(clients).map(|number| phone(number).to_string()).collect();
        let ids = sample(clients).map(|number| ClientId(number + 1)).collect();
        let line = |name: &str, price, quantity: i64| Line {
            price: Amount::whole(price),
            quantity: Quantity::from_thousandths(quantity * 1_000),
            unit: Unit::Piece,
            vat: Amount::whole(20),
            name: name.into(),
            discount: None,
        };
        let lines = vec![line("Капучино", 250, 2), line("Завтрак", 500, 1)];
        Bench { phones, ids, by, lines, orders: Cell::new(0) }
    }

    fn clients(&self, sandbox: &Sandbox, column: &mut Column) {
        let list = |phone: &str, limit| {
            let page = Page { offset: 0, limit };
            let query = ClientsQuery { phone: Some(Like::of_phone(phone)), email: None, page };
            black_box(sandbox.run(|world, _| world.ibonus.list_clients(&query)).len())
        };
        column.short("find a client by phone, ns", self.phones.len(), || {
            self.phones.iter().for_each(|phone| assert_eq!(list(phone, None), 1));
        });
        column.short("the balance of a client, ns", self.phones.len(), || {
            for id in &self.ids {
                black_box(sandbox.run(|world, _| world.ibonus.balance(*id))).expect("it is there");
            }
        });
        column.long("clients by LIKE, 20 that begin alike, µs", || {
            list("7920%", Some(20));
        });
        column.long("clients by LIKE, all looked at and none found, µs", || {
            assert_eq!(list("%0000000000", None), 0);
        });
    }

    fn orders(&self, sandbox: &Sandbox, column: &mut Column) {
        let first: Vec<Duration> = (0..SAMPLES / 4)
            .map(|_| {
                let fork = Sandbox::new("fork", sandbox.fork());
                time(|| self.phones.iter().for_each(|phone| self.order(&fork, phone)))
            })
            .collect();
        column.each("order, the first write to each client, ns", self.phones.len(), first);
        column.short("order, ns", self.phones.len(), || {
            self.phones.iter().for_each(|phone| self.order(sandbox, phone));
        });
        let orders = sandbox.run(|world, _| world.ibonus.list_orders(&OrdersQuery::default(), self.by)).len();
        column.row("orders that are there then", orders.to_string());
        let list = |query: &OrdersQuery| {
            black_box(sandbox.run(|world, _| world.ibonus.list_orders(query, self.by)));
        };
        column.long("orders: the newest 20, µs", || {
            list(&OrdersQuery { page: PAGE, ..OrdersQuery::default() });
        });
        let client = OrdersQuery { client: Some(ClientId(1)), page: PAGE, ..OrdersQuery::default() };
        column.long("orders: the newest 20 of a client, µs", || list(&client));
    }

    /// Writes a hundred points off, and accrues as many.
    fn order(&self, sandbox: &Sandbox, phone: &str) {
        let number = self.orders.get();
        self.orders.set(number + 1);
        let external_id = number.to_string();
        let receipt = Receipt {
            external_id: &external_id,
            customer: Customer { phone: Some(phone), email: None },
            amount_card: Some(Amount::whole(900)),
            amount_cash: None,
            by: self.by,
        };
        let write_off = Some(Amount::whole(100));
        let sale = Sale { receipt, lines: &self.lines, write_off, currency: None, coupons: &[] };
        black_box(sandbox.run(|world, now| world.ibonus.place_sale(&sale, now)))
            .expect("there are points enough");
    }
}
