//! ProBonus: accounts by phone and by a text, refills and withdrawals.

use std::hint::black_box;

use stend::loyalty::Programme;
use stend::loyalty::amount::Amount;
use stend::loyalty::probonus::accounts::find::{AccountsQuery, Whose};
use stend::loyalty::probonus::accounts::points::Operation;
use stend::loyalty::probonus::page::Page;
use stend::sandbox::Sandbox;

use crate::measure::{Column, SAMPLES, WRITES, sample, time};
use crate::support::fixture::{Programmes, phone};

/// All figures of one size.
pub(crate) fn column(clients: u64, sandboxes: usize) -> Column {
    let mut column = Column::default();
    let registry = column.load(Programmes::ProBonus, clients);
    let sandbox = registry.default_sandbox();
    let phones: Vec<String> = sample(clients).map(|number| phone(number).to_string()).collect();
    column.short("find an account by phone, ns", phones.len(), || {
        for phone in &phones {
            assert!(sandbox.run(|world, _| world.probonus.find_by_phone(phone).is_ok()));
        }
    });
    let list = |text, limit| {
        let query = AccountsQuery { group: None, text: Some(text), page: Page { offset: 0, limit } };
        black_box(sandbox.run(|world, _| world.probonus.list_accounts(&query))).map(|found| found.len())
    };
    column.long("accounts.list, 20 with a text, µs", || assert!(list("мария", 20).is_ok()));
    column.long("accounts.list, all looked at and none found, µs", || assert_eq!(list("nobody", 20), Ok(0)));
    column.accounts(&sandbox, Programme::ProBonus, clients);
    // Of the fixture as it is.
    column.many(&registry, sandboxes, "ten refills", |sandbox| {
        phones.iter().cycle().take(WRITES).for_each(|phone| refill(sandbox, phone));
    });

    let first = (0..SAMPLES / 4).map(|_| {
        let fork = Sandbox::new("fork", sandbox.fork());
        time(|| phones.iter().for_each(|phone| refill(&fork, phone)))
    });
    column.each("refill, the first write to each account, ns", phones.len(), first.collect());
    let (mut refills, mut withdrawals) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        refills.push(time(|| phones.iter().for_each(|phone| refill(&sandbox, phone))));
        withdrawals.push(time(|| phones.iter().for_each(|phone| withdraw(&sandbox, phone))));
    }
    column.each("refill, ns", phones.len(), refills);
    column.each("withdraw, ns", phones.len(), withdrawals);
    column
}

const OPERATION: Operation<'_> = Operation { amount: Amount::whole(100), comment: None, burn_days: None };

fn refill(sandbox: &Sandbox, phone: &str) {
    let refilled = sandbox.run(|world, now| world.probonus.refill(Whose::Phone(phone), &OPERATION, now));
    black_box(refilled).expect("the account is there");
}

fn withdraw(sandbox: &Sandbox, phone: &str) {
    let withdrawn = sandbox.run(|world, now| world.probonus.withdraw(Whose::Phone(phone), &OPERATION, now));
    black_box(withdrawn).expect("there are points enough");
}
