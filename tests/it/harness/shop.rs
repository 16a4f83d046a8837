//! The harness's own fixture: a small shop whose numbers the tests rely on.

use serde_json::{Value, json};

/// LoyalClient's key.
pub(crate) const KEY: &str = "test-key";

/// A point of sale where the levels' own percentages hold.
pub(crate) const TILL: &str = "62a0f1e2d3c4b5a69788f4f4";

/// Another one, where [`IVAN`]'s level has 20 per cent instead of 10.
pub(crate) const KIOSK: &str = "62a0f1e2d3c4b5a69788f4f5";

/// A well-formed id that nothing has.
pub(crate) const NOBODY: &str = "ffffffffffffffffffffffff";

/// The level "Бонусы": 10 % cashback, the whole receipt may be paid with points.
pub(crate) const BONUS_LEVEL: &str = "621a0f1e2d3c4b5a69788f23";

/// The level "Половина": 7.5 % cashback, half of the receipt may be paid with points.
pub(crate) const HALF_LEVEL: &str = "621a0f1e2d3c4b5a69788f24";

/// The level "Скидка": 5 % off the price.
pub(crate) const DISCOUNT_LEVEL: &str = "621a0f1e2d3c4b5a69788f25";

/// 878 points that never burn, [`BONUS_LEVEL`]; phone, card, code and all the rest.
pub(crate) const IVAN: &str = "62a0f1e2d3c4b5a697882486";

/// [`IVAN`]'s phone.
pub(crate) const IVAN_PHONE: &str = "79201234567";

/// [`IVAN`]'s card.
pub(crate) const IVAN_CARD: &str = "CARD-0001";

/// [`IVAN`]'s code from the app.
pub(crate) const IVAN_CODE: &str = "4321";

/// 1,000 points, [`HALF_LEVEL`]; a phone and nothing else.
pub(crate) const ANNA: &str = "62a0f1e2d3c4b5a697882487";

/// [`ANNA`]'s phone.
pub(crate) const ANNA_PHONE: &str = "79207654321";

/// 300 points that cannot be used: [`DISCOUNT_LEVEL`].
pub(crate) const DIANA: &str = "62a0f1e2d3c4b5a697882488";

/// [`DIANA`]'s phone.
pub(crate) const DIANA_PHONE: &str = "79200000003";

/// Points in three lots, [`BONUS_LEVEL`]: 100 that burn in 10 days, 50 in 20 days, 200 never.
pub(crate) const LEO: &str = "62a0f1e2d3c4b5a697882489";

/// No points, [`BONUS_LEVEL`].
pub(crate) const ZOE: &str = "62a0f1e2d3c4b5a69788248a";

/// The shop.
pub(crate) fn shop() -> Value {
    json!({
        "version": 1,
        "loyalclient": {
            "apiKeys": [KEY],
            "points": [
                {"id": TILL, "title": "Касса"},
                {"id": KIOSK, "title": "Киоск", "percentByLevel": {BONUS_LEVEL: 20}}
            ],
            "levels": [
                {"id": BONUS_LEVEL, "title": "Бонусы", "percent": 10, "type": "cashback", "maxSpendPercent": 100},
                {"id": HALF_LEVEL, "title": "Половина", "percent": 7.5, "type": "cashback", "maxSpendPercent": 50},
                {"id": DISCOUNT_LEVEL, "title": "Скидка", "percent": 5, "type": "discount"}
            ],
            "clients": [
                {
                    "id": IVAN, "name": "Иван", "photo": "https://example.com/ivan.jpeg",
                    "birthday": "2021-03-29", "level": BONUS_LEVEL, "phone": 79_201_234_567_u64,
                    "email": "mail@mail.mail", "card": IVAN_CARD, "code": IVAN_CODE, "balance": 878
                },
                {"id": ANNA, "level": HALF_LEVEL, "phone": 79_207_654_321_u64, "balance": 1000},
                {"id": DIANA, "name": "Диана", "level": DISCOUNT_LEVEL, "phone": 79_200_000_003_u64, "balance": 300},
                {
                    "id": LEO, "name": "Лев", "level": BONUS_LEVEL, "phone": 79_200_000_004_u64,
                    "lots": [{"amount": 200}, {"amount": 50, "expiresIn": "P20D"}, {"amount": 100, "expiresIn": "P10D"}]
                },
                {"id": ZOE, "name": "Зоя", "level": BONUS_LEVEL, "phone": 79_200_000_005_u64}
            ]
        }
    })
}
