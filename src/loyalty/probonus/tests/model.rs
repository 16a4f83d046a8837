//! Any sequence of commands keeps the books true; a refused one changes nothing; reports and balances in parts
//! add up.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::reports::ReportQuery;
use super::*;

#[derive(Clone, Debug)]
enum Command {
    Refill { account: Index, amount: u16, burn_days: Option<u32> },
    Withdraw { account: Index, amount: u16 },
    RefillGroup { amount: u16 },
    WithdrawGroup { amount: u16 },
    Sell { account: Index, dishes: Vec<(u16, u16)>, bonus_paid: u16 },
    Refund { check: Index },
    SignUp { phone: u8, card: Option<u8> },
    Update { account: Index, discount: Option<u64>, days: Option<u32>, active: bool, card: Option<u8> },
    LogIn,
    Advance { hours: u16 },
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let dishes = prop::collection::vec((0..60_000_u16, 1..3_000_u16), 1..4);
    let sums = || 0..15_000_u16;
    let card = || prop::option::of(0..4_u8);
    let update = (
        any::<Index>(),
        prop::option::of(1..5_u64),
        prop::option::of(0..40_u32),
        prop::bool::weighted(0.9),
        card(),
    );
    let command = prop_oneof![
        3 => (any::<Index>(), sums(), prop::option::of(0..20_u32))
            .prop_map(|(account, amount, burn_days)| Command::Refill { account, amount, burn_days }),
        2 => (any::<Index>(), sums()).prop_map(|(account, amount)| Command::Withdraw { account, amount }),
        1 => sums().prop_map(|amount| Command::RefillGroup { amount }),
        1 => sums().prop_map(|amount| Command::WithdrawGroup { amount }),
        4 => (any::<Index>(), dishes, prop_oneof![Just(0_u16), sums()])
            .prop_map(|(account, dishes, bonus_paid)| Command::Sell { account, dishes, bonus_paid }),
        3 => any::<Index>().prop_map(|check| Command::Refund { check }),
        2 => (0..6_u8, card()).prop_map(|(phone, card)| Command::SignUp { phone, card }),
        1 => update.prop_map(|(account, discount, days, active, card)| {
            Command::Update { account, discount, days, active, card }
        }),
        1 => Just(Command::LogIn),
        3 => (0..400_u16).prop_map(|hours| Command::Advance { hours }),
    ];
    prop::collection::vec(command, 1..40)
}

fn hundredths(amount: u16) -> Amount {
    Amount::from_hundredths(i64::from(amount))
}

fn cards(card: Option<u8>) -> Vec<IdentifierOrder> {
    card.into_iter().map(|card| identifier(CARD, &format!("{card:04}"))).collect()
}

impl Shop {
    fn pick(&self, index: Index) -> AccountId {
        let ids: Vec<AccountId> = self.books.accounts().map(|account| account.id).collect();
        *index.get(&ids)
    }

    fn run(&mut self, command: &Command) -> Result<(), Refusal> {
        let now = self.now;
        match command {
            Command::Refill { account, amount, burn_days } => {
                let whose = Whose::Id(self.pick(*account));
                let (amount, burn_days) = (hundredths(*amount), *burn_days);
                self.books
                    .refill(whose, &Operation { amount, comment: Some("Подарок"), burn_days }, now)
                    .map(drop)
            }
            Command::Withdraw { account, amount } => {
                let whose = Whose::Id(self.pick(*account));
                let operation = Operation { amount: hundredths(*amount), ..Operation::default() };
                self.books.withdraw(whose, &operation, now).map(drop)
            }
            Command::RefillGroup { amount } => {
                let operation = Operation { amount: hundredths(*amount), ..Operation::default() };
                self.books.refill_group(SELF_REGISTERED, &operation, now).map(drop)
            }
            Command::WithdrawGroup { amount } => {
                let operation = Operation { amount: hundredths(*amount), ..Operation::default() };
                self.books.withdraw_group(SELF_REGISTERED, &operation, now).map(drop)
            }
            Command::Sell { account, dishes, bonus_paid } => {
                let quantity = |it: u16| Quantity::from_thousandths(i64::from(it));
                let dishes: Vec<DishOrder> = dishes
                    .iter()
                    .map(|(price, many)| DishOrder {
                        name: "Суп".into(),
                        quantity: quantity(*many),
                        price: hundredths(*price),
                    })
                    .collect();
                let sale = Sale {
                    whose: Whose::Id(self.pick(*account)),
                    dishes: &dishes,
                    bonus_paid: hundredths(*bonus_paid),
                    restaurant: None,
                    cashier: None,
                };
                self.books.sale(&sale, now).map(drop)
            }
            Command::Refund { check } => {
                let checks: Vec<CheckId> = self.books.checks().map(|check| check.id).collect();
                let id = if checks.is_empty() { CheckId(1) } else { *check.get(&checks) };
                self.books.refund(id, now).map(drop)
            }
            Command::SignUp { phone, card } => {
                let phone = format!("+7 900 000-00-0{phone}");
                let order = TemplateOrder { identifiers: cards(*card), ..guest(&phone) };
                self.books.insert_by_template(order, now).map(drop)
            }
            Command::Update { account, discount, days, active, card } => {
                let update = AccountUpdate {
                    discount: Change::from(discount.map(|id| Some(DiscountId(id)))),
                    burning_days: Change::Is(*days),
                    is_active: Change::Is(*active),
                    identifiers: Change::from(card.map(|card| cards(Some(card)))),
                    ..AccountUpdate::default()
                };
                let id = self.pick(*account);
                self.books.update_account(id, update).map(drop)
            }
            Command::LogIn => self.books.log_in("admin", "111", now).map(drop),
            Command::Advance { hours } => {
                self.advance(Period::minutes(u32::from(*hours) * 60));
                Ok(())
            }
        }
    }

    /// Reports and balances in parts say what the ledger does.
    fn check_sums(&self) {
        let all = ReportQuery::default();
        let accounts = || self.books.accounts();
        let posted: Amount = accounts().map(|account| account.points().posted()).sum();
        let balances = self.books.report_balances(&all).unwrap();
        assert_eq!((balances.total.accounts, balances.total.amount), (accounts().len(), posted));
        // No account was opened with points, so the transactions are all there is.
        let transactions = self.books.report_transactions(&all).unwrap();
        let entries = accounts().map(|account| account.points().entries().len()).sum::<usize>();
        assert_eq!((transactions.total.count, transactions.total.amount), (entries, posted));
        let burning = self.books.report_burning(&all).unwrap();
        let lots = accounts().flat_map(|account| account.points().lots());
        let will_burn: Amount = lots.filter(|lot| lot.expires_at.is_some()).map(|lot| lot.amount).sum();
        assert_eq!(burning.total.amount, will_burn);
        assert_eq!(burning.rows.iter().map(|row| row.of_it.amount).sum::<Amount>(), will_burn);

        for account in accounts() {
            let parts = self.books.extended_balance(account.id, self.now).unwrap();
            let pending: Amount = parts.pending.iter().map(|part| part.amount).sum();
            let burning: Amount = parts.burning.iter().map(|part| part.amount).sum();
            assert_eq!(pending + burning + parts.permanent, parts.balance);
            assert_eq!(burning + parts.permanent, parts.available);
            assert_eq!(self.books.balance(account.id), Ok(parts.balance));
            assert!(parts.burning.iter().all(|part| part.days_left > 0), "{parts:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_the_books_true(commands in commands(), delay in any::<bool>()) {
        let mut shop = if delay { Shop::with_delay() } else { Shop::new() };
        for command in &commands {
            let before = shop.books.clone();
            if shop.run(command).is_err() {
                prop_assert_eq!(&shop.books, &before, "a refused command changes nothing: {:?}", command);
            }
            prop_assert_eq!(shop.books.violations(shop.now), vec![], "after {:?}", command);
        }
        shop.check_sums();
    }

    #[test]
    fn the_same_commands_give_the_same_books(commands in commands()) {
        let run = || {
            let mut shop = Shop::new();
            let refusals: Vec<_> = commands.iter().map(|command| shop.run(command)).collect();
            (shop.books, refusals)
        };
        prop_assert!(run() == run());
    }

    #[test]
    fn a_return_right_after_a_sale_undoes_it(price in 0..200_000_u32, bonus_paid in 0..10_000_u16, bought in 0..5_u8) {
        let mut shop = Shop::new();
        for _ in 0..bought {
            shop.sell("300", "1");
        }
        let state = |shop: &Shop| {
            let account = shop.books.account(ANNA).unwrap();
            (account.points().lots().cloned().collect::<Vec<_>>(), account.turnover)
        };
        let before = state(&shop);
        let sale = Sale {
            whose: Whose::Id(ANNA),
            dishes: &[dish(Amount::from_hundredths(i64::from(price)), "1")],
            bonus_paid: hundredths(bonus_paid).min(Amount::from_hundredths(i64::from(price))),
            restaurant: None,
            cashier: None,
        };
        if let Ok(check) = shop.books.sale(&sale, shop.now) {
            shop.books.refund(check.id, shop.now).unwrap();
            prop_assert_eq!(state(&shop), before);
        }
        prop_assert_eq!(shop.books.violations(shop.now), vec![]);
    }
}
