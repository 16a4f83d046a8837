//! LoyalClient, and what happens to whole sandboxes: that is the same for all programmes.

use std::hint::black_box;
use std::time::Duration;

use stend::Period;
use stend::loyalty::amount::Amount;
use stend::loyalty::loyalclient::find::FindQuery;
use stend::loyalty::loyalclient::hold::HoldOrder;
use stend::loyalty::loyalclient::id::ObjectId;
use stend::loyalty::loyalclient::retail::RetailOrder;
use stend::loyalty::{Programme, World};
use stend::sandbox::registry::Registry;
use stend::sandbox::{Keep, Sandbox};

use crate::measure::{Column, SAMPLE, SAMPLES, WRITES, micros, sample, time};
use crate::support::fixture::{POINT, Programmes, client_id, phone};

/// How often what happens to a whole sandbox is done.
const TIMES: usize = 500;

/// All figures of one size.
pub(crate) fn column(clients: u64, sandboxes: usize) -> Column {
    let mut column = Column::default();
    let registry = column.load(Programmes::LoyalClient, clients);
    let sandbox = registry.default_sandbox();
    let bench = Bench::new(clients);
    // Before there are entries: a page shows them all.
    column.accounts(&sandbox, Programme::LoyalClient, clients);
    // Of the fixture as it is; and what a test does most.
    column.many(&registry, sandboxes, "ten retails", |sandbox| {
        bench.ids.iter().cycle().take(WRITES).for_each(|id| bench.retail(sandbox, *id, Amount::ZERO));
    });
    bench.short_calls(&sandbox, &mut column);
    bench.whole_sandboxes(&registry, &mut column);
    column
}

/// Requests made beforehand.
struct Bench {
    phones: Vec<String>,
    ids: Vec<ObjectId>,
    point: ObjectId,
}

impl Bench {
    fn new(clients: u64) -> Bench {
        let id = |number| ObjectId::parse(&client_id(number)).expect("it is an id");
        let phones = sample(clients).map(|number| phone(number).to_string()).collect();
        let point = ObjectId::parse(POINT).expect("it is an id");
        Bench { phones, ids: sample(clients).map(id).collect(), point }
    }

    fn short_calls(&self, sandbox: &Sandbox, column: &mut Column) {
        let clients = self.ids.len();
        column.short("find a client by phone, ns", clients, || {
            for search in &self.phones {
                let query = FindQuery { search, point: Some(self.point), holds: Vec::new() };
                black_box(sandbox.run(|world, _| world.loyalclient.find(&query)))
                    .expect("the client is there");
            }
        });
        column.short("find a client by id, ns", clients, || {
            for id in &self.ids {
                assert!(sandbox.run(|world, _| world.loyalclient.client(*id).is_some()));
            }
        });

        // A fork shares all with what it is forked from, until it writes.
        let first: Vec<Duration> = (0..SAMPLES / 4)
            .map(|_| {
                let fork = Sandbox::new("fork", sandbox.fork());
                time(|| {
                    self.ids.iter().for_each(|id| {
                        black_box(self.hold(&fork, *id));
                    });
                })
            })
            .collect();
        column.each("hold, the first write to each client, ns", clients, first);
        let (mut hold, mut release, mut accrue, mut spend) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            let mut ids = Vec::with_capacity(SAMPLE);
            hold.push(time(|| ids.extend(self.ids.iter().map(|id| self.hold(sandbox, *id)))));
            release.push(time(|| {
                for id in ids {
                    sandbox.run(|world, _| world.loyalclient.release(Some(id)));
                }
            }));
            accrue.push(time(|| self.ids.iter().for_each(|id| self.retail(sandbox, *id, Amount::ZERO))));
            spend.push(time(|| self.ids.iter().for_each(|id| self.retail(sandbox, *id, Amount::whole(100)))));
        }
        column.each("hold, ns", clients, hold);
        column.each("release, ns", clients, release);
        column.each("retail that accrues, ns", clients, accrue);
        column.each("retail that spends, ns", clients, spend);
    }

    fn whole_sandboxes(&self, registry: &Registry, column: &mut Column) {
        let names: Vec<String> = (0..TIMES).map(|number| format!("ci-{number}")).collect();
        let open = |name: &String| registry.open(name).expect("there is room");
        let make = names.iter().map(|name| time(|| drop(black_box(open(name)))));
        column.row("make a sandbox, µs", micros(make.collect()));
        let find = names.iter().map(|name| time(|| drop(black_box(open(name)))));
        column.row("find a sandbox among 500, µs", micros(find.collect()));
        let mut written = |what: &str, work: &dyn Fn(&Sandbox)| {
            let times = names.iter().map(|name| {
                let sandbox = open(name);
                for id in self.ids.iter().cycle().take(WRITES) {
                    black_box(self.hold(&sandbox, *id));
                }
                time(|| work(&sandbox))
            });
            column.row(what, micros(times.collect()));
        };
        written("fork one with ten writes, µs", &|sandbox| {
            drop(black_box(Sandbox::new("fork", sandbox.fork())));
        });
        written("take a snapshot, ten writes after the last, µs", &|sandbox| {
            sandbox.take_snapshot("bench").expect("there is room");
        });
        written("restore it after ten writes, µs", &|sandbox| {
            sandbox.restore("bench").expect("it was taken");
        });
        written("reset after ten writes, µs", &|sandbox| {
            sandbox.reset(Keep::default());
        });
        written("delete after ten writes, µs", &|sandbox| {
            registry.delete(sandbox.name()).expect("it is there");
        });
    }

    fn hold(&self, sandbox: &Sandbox, client: ObjectId) -> ObjectId {
        let order = HoldOrder {
            client: Some(client),
            point: Some(self.point),
            amount: Amount::from_hundredths(1),
            duration: Period::minutes(10),
        };
        sandbox.run(|world, now| world.loyalclient.hold(&order, now)).expect("there are points enough").id
    }

    fn retail(&self, sandbox: &Sandbox, client: ObjectId, spend: Amount) {
        let order = RetailOrder {
            client: Some(client),
            point: Some(self.point),
            amount: Amount::whole(1_000),
            spend,
            holds: Vec::new(),
        };
        let work = |world: &mut World, now| world.loyalclient.retail(&order, now);
        black_box(sandbox.run(work)).expect("there are points enough");
    }
}
