//! Any sequence of commands keeps the books true; a refused one changes nothing; refunds give back exactly.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::holds::HoldOrder;
use super::super::write_off::WriteOff;
use super::*;

#[derive(Clone, Debug)]
enum Command {
    Sell { lines: Vec<(u16, u16)>, write_off: Option<u16>, rubles: bool, coupons: Vec<u64>, named: bool },
    Refund { order: Index, items: Vec<Index>, by_hub: bool },
    WriteOff { points: u16, rubles: u16, coupons: Vec<u64> },
    Hold { amount: u16, rubles: bool, coupons: Vec<u64> },
    Capture { hold: Index, order: Option<Index> },
    Cancel { hold: Index },
    Adjust { to: u16 },
    Advance { hours: u16 },
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let coupons = || prop::collection::vec(1..8_u64, 0..3);
    let lines = prop::collection::vec((0..20_000_u16, 1..3_000_u16), 1..4);
    let sale = (lines, prop::option::of(0..9_000_u16), any::<bool>(), coupons(), prop::bool::weighted(0.9));
    let command = prop_oneof![
        4 => sale.prop_map(|(lines, write_off, rubles, coupons, named)| {
            Command::Sell { lines, write_off, rubles, coupons, named }
        }),
        3 => (any::<Index>(), prop::collection::vec(any::<Index>(), 1..3), any::<bool>())
            .prop_map(|(order, items, by_hub)| Command::Refund { order, items, by_hub }),
        1 => (0..5_000_u16, 0..3_000_u16, coupons())
            .prop_map(|(points, rubles, coupons)| Command::WriteOff { points, rubles, coupons }),
        3 => (0..9_000_u16, any::<bool>(), coupons())
            .prop_map(|(amount, rubles, coupons)| Command::Hold { amount, rubles, coupons }),
        2 => (any::<Index>(), prop::option::of(any::<Index>()))
            .prop_map(|(hold, order)| Command::Capture { hold, order }),
        1 => any::<Index>().prop_map(|hold| Command::Cancel { hold }),
        1 => (0..6_000_u16).prop_map(|to| Command::Adjust { to }),
        3 => (0..400_u16).prop_map(|hours| Command::Advance { hours }),
    ];
    prop::collection::vec(command, 1..40)
}

fn hundredths(amount: u16) -> Amount {
    Amount::from_hundredths(i64::from(amount))
}

fn currency(rubles: bool) -> Currency {
    if rubles { Currency::Rubles } else { Currency::Points }
}

impl Shop {
    /// A shop whose purchases give coupons, too.
    fn generous() -> Shop {
        let mut shop = Shop::new();
        let mut settings = settings();
        settings.new_customer.coupon = Some(TEMPLATE);
        settings.customer.coupon = Some(TEMPLATE);
        shop.books.put_settings(settings).unwrap();
        shop
    }

    fn place(
        &mut self,
        lines: &[(u16, u16)],
        write_off: Option<Sum>,
        coupons: &[CouponId],
        customer: Customer<'_>,
    ) -> Result<OrderId, Refusal> {
        self.receipts += 1;
        let external_id = self.receipts.to_string();
        let lines: Vec<Line> = lines
            .iter()
            .map(|(price, quantity)| Line {
                price: hundredths(*price),
                quantity: Quantity::from_thousandths(i64::from(*quantity)),
                ..line("1", "1")
            })
            .collect();
        let sale = Sale {
            receipt: Shop::receipt(&external_id, customer, MERCHANT),
            lines: &lines,
            write_off: write_off.map(|sum| sum.amount),
            currency: write_off.map(|sum| sum.currency),
            coupons,
        };
        self.books.place_sale(&sale, self.now).map(|placed| placed.order)
    }

    fn pick_order(&self, index: Index) -> Option<OrderId> {
        let orders: Vec<OrderId> = self.books.orders().map(|order| order.id).collect();
        (!orders.is_empty()).then(|| *index.get(&orders))
    }

    fn pick_hold(&self, index: Index) -> Arc<str> {
        let holds: Vec<Arc<str>> = self.books.holds().map(|it| Arc::clone(&it.transaction_id)).collect();
        if holds.is_empty() { "none".into() } else { Arc::clone(index.get(&holds)) }
    }

    fn run(&mut self, command: &Command) -> Result<(), Refusal> {
        let ids = |ids: &[u64]| ids.iter().copied().map(CouponId).collect::<Vec<_>>();
        match command {
            Command::Sell { lines, write_off, rubles, coupons, named } => {
                let phone = Some(ANNA_PHONE).filter(|_| *named);
                let write_off =
                    write_off.map(|it| Sum { amount: hundredths(it), currency: currency(*rubles) });
                self.place(lines, write_off, &ids(coupons), Customer { phone, email: None }).map(|_| ())
            }
            Command::Refund { order, items, by_hub } => {
                let Some(order) = self.pick_order(*order) else { return Ok(()) };
                let all = self.items(order);
                let items: Vec<ItemId> = items.iter().map(|index| *index.get(&all)).collect();
                if *by_hub {
                    self.books.refund_through_hub(&items, MERCHANT, self.now).map(|_| ())
                } else {
                    self.refund(&items).map(|_| ())
                }
            }
            Command::WriteOff { points, rubles, coupons } => {
                let sum = |it, rubles| Sum { amount: hundredths(it), currency: currency(rubles) };
                let balance = vec![sum(*points, false), sum(*rubles, true)];
                self.books.write_off(ANNA, &WriteOff { balance, coupons: ids(coupons) }, self.now)
            }
            Command::Hold { amount, rubles, coupons } => {
                let (amount, currency) = (hundredths(*amount), currency(*rubles));
                let order = HoldOrder { client: ANNA, currency, amount, coupons: &ids(coupons) };
                self.books.make_hold(&order, self.now).map(|_| ())
            }
            Command::Capture { hold, order } => {
                let order = order.and_then(|index| self.pick_order(index));
                self.books.capture_hold(&self.pick_hold(*hold), order, self.now)
            }
            Command::Cancel { hold } => self.books.cancel_hold(&self.pick_hold(*hold)),
            Command::Adjust { to } => {
                let posted = hundredths(*to);
                self.books.adjust_balance(ANNA, Currency::Points, posted, self.now).unwrap();
                Ok(())
            }
            Command::Advance { hours } => {
                self.advance(Period::minutes(u32::from(*hours) * 60));
                Ok(())
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_the_books_true(commands in commands()) {
        let mut shop = Shop::generous();
        for command in &commands {
            let before = shop.books.clone();
            if shop.run(command).is_err() {
                prop_assert_eq!(&shop.books, &before, "a refused command changes nothing: {:?}", command);
            }
            prop_assert_eq!(shop.books.violations(shop.now), vec![], "after {:?}", command);
        }
    }

    #[test]
    fn the_same_commands_give_the_same_books(commands in commands()) {
        let run = || {
            let mut shop = Shop::generous();
            let refusals: Vec<_> = commands.iter().map(|command| shop.run(command)).collect();
            (shop.books, refusals)
        };
        prop_assert!(run() == run());
    }

    #[test]
    fn refunding_all_gives_back_exactly_what_was_taken(
        lines in prop::collection::vec((0..20_000_u16, 1..3_000_u16), 1..8),
        write_off in 0..10_000_u16,
        rubles in any::<bool>(),
        order in any::<prop::sample::Index>(),
        cuts in prop::collection::vec(1..4_usize, 8),
    ) {
        let mut shop = Shop::generous();
        shop.sell(RING);
        let (before, counters) = (shop.balance(ANNA), shop.books.client(ANNA).unwrap().counters);
        let customer = Customer { phone: Some(ANNA_PHONE), email: None };
        let total: Amount = lines.iter().enumerate().map(|(place, (price, quantity))| {
            let quantity = Quantity::from_thousandths(i64::from(*quantity));
            Line { price: hundredths(*price), quantity, ..line("1", "1") }.sum(place).unwrap()
        }).sum();
        let available = shop.books.balance(ANNA).unwrap()[usize::from(rubles)].amount;
        let sum = Sum { amount: hundredths(write_off).min(available).min(total), currency: currency(rubles) };
        let sale = shop.place(&lines, Some(sum), &[COUPON], customer).unwrap();

        let mut items = shop.items(sale);
        let turn = order.index(items.len());
        items.rotate_left(turn);
        let mut rest = &items[..];
        let mut taken_back = Amount::ZERO;
        for cut in cuts {
            let (part, later) = rest.split_at(cut.min(rest.len()));
            if !part.is_empty() {
                let refund = shop.refund(part).unwrap();
                taken_back += shop.books.order(refund).unwrap().cashback;
            }
            rest = later;
            prop_assert_eq!(shop.books.violations(shop.now), vec![]);
        }
        prop_assert!(rest.is_empty());
        prop_assert_eq!(shop.balance(ANNA), before);
        prop_assert_eq!(taken_back, -shop.books.order(sale).unwrap().cashback);
        let after = shop.books.client(ANNA).unwrap().counters;
        prop_assert_eq!(after.paid_purchases, counters.paid_purchases);
        prop_assert_eq!(after.paid_purchases_amount, counters.paid_purchases_amount);
        prop_assert!(shop.books.client(ANNA).unwrap().coupon(COUPON).unwrap().is_live_at(shop.now));
    }
}
