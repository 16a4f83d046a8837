//! A fixture of any size, as JSON text: the same clients for both benches.

use std::fmt::Write;

/// The point of sale of every request.
pub(crate) const POINT: &str = "62a0f1e2d3c4b5a69788f4f4";

/// The apikey of every request.
pub(crate) const API_KEY: &str = "test-key";

/// The id of the client with this number.
pub(crate) fn client_id(number: u64) -> String {
    format!("62a0f1e2d3c4b5a6{:08x}", CLIENT_FIRST + number)
}

/// The phone of the client with this number.
pub(crate) const fn phone(number: u64) -> u64 {
    79_201_234_567 + number
}

const CLIENT_FIRST: u64 = 0x9788_2486;

/// A fixture with so many clients: each with a name, a photo, a birthday, an e-mail address and one lot.
pub(crate) fn fixture(clients: u64) -> String {
    let mut text = format!(
        r#"{{"version":1,"loyalclient":{{"apiKeys":["{API_KEY}"],"points":[{{"id":"{POINT}","title":"Кофейня"}}],"levels":[{{"id":"62a0f1e2d3c4b5a69788a001","title":"Базовый","percent":10,"type":"cashback","maxSpendPercent":100}}],"clients":["#
    );
    for number in 0..clients {
        let comma = if number == 0 { "" } else { "," };
        let (id, phone) = (client_id(number), phone(number));
        write!(
            text,
            r#"{comma}{{"id":"{id}","name":"Иван","photo":"https://example.com/photos/ivan.jpg","birthday":"2021-03-29","level":"62a0f1e2d3c4b5a69788a001","phone":{phone},"email":"mail@mail.mail","balance":878}}"#
        )
        .expect("a String takes all that is written to it");
    }
    text.push_str("]}}");
    text
}
