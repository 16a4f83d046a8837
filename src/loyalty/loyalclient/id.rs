//! LoyalClient's ids: 24 lowercase hex digits, like Mongo's ObjectIds \[I: the page's examples are masked\].

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::loyalty::time::Time;

/// The id of a client, a level, a point of sale or a hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId([u8; 12]);

impl ObjectId {
    /// The first of all ids.
    pub(super) const MIN: ObjectId = ObjectId([u8::MIN; 12]);
    /// The last of all ids.
    pub(super) const MAX: ObjectId = ObjectId([u8::MAX; 12]);

    /// Reads exactly 24 lowercase hex digits.
    pub fn parse(text: &str) -> Option<ObjectId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let text: &[u8; 24] = text.as_bytes().try_into().ok()?;
        let mut id = [0; 12];
        for (byte, pair) in id.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(ObjectId(id))
    }

    /// The id as it is printed.
    fn hex(self) -> [u8; 24] {
        let mut text = [0; 24];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
            pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
        }
        text
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(str::from_utf8(&self.hex()).expect("hex digits are ASCII"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(str::from_utf8(&self.hex()).expect("hex digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ObjectId, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = ObjectId;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an id of 24 lowercase hex digits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ObjectId, E> {
                ObjectId::parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl schemars::JsonSchema for ObjectId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ObjectId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An id of 24 lowercase hex digits.",
            "type": "string",
            "pattern": "^[0-9a-f]{24}$"
        })
    }
}

/// Makes new ids as Mongo does: four bytes of the second they are made in, five bytes of the machine (here: of
/// the sandbox's seed), three bytes of a counter.
#[derive(Clone, Debug)]
pub struct Mint {
    machine: [u8; 5],
    counter: u32,
}

impl Mint {
    /// A mint whose ids carry these five bytes.
    pub const fn new(machine: [u8; 5]) -> Mint {
        Mint { machine, counter: 0 }
    }

    /// A mint that has made so many ids already.
    pub const fn resumed(machine: [u8; 5], minted: u32) -> Mint {
        Mint { machine, counter: minted & 0x00ff_ffff }
    }

    /// The five bytes that the ids carry.
    pub const fn machine(&self) -> [u8; 5] {
        self.machine
    }

    /// How many ids were made, as far as the counter goes.
    pub const fn minted(&self) -> u32 {
        self.counter
    }

    /// A new id; the 16,777,216 ids of one second differ from each other.
    pub fn id(&mut self, now: Time) -> ObjectId {
        self.counter = (self.counter + 1) & 0x00ff_ffff;
        let mut id = [0; 12];
        let [.., a, b, c, d] = now.seconds().to_be_bytes();
        id[..4].copy_from_slice(&[a, b, c, d]);
        id[4..9].copy_from_slice(&self.machine);
        id[9..].copy_from_slice(&self.counter.to_be_bytes()[1..]);
        ObjectId(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_24_lowercase_hex_digits_are_an_id() {
        let text = "62a0f1e2d3c4b5a697887f4a";
        assert_eq!(ObjectId::parse(text).unwrap().to_string(), text);
        for text in
            ["", "62a", "62A0F1E2D3C4B5A697887F4A", "62a0f1e2d3c4b5a697887f4", "62a0f1e2d3c4b5a697887f4ag"]
        {
            assert_eq!(ObjectId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn minted_ids_carry_the_second_and_ascend() {
        let mut mint = Mint::new([1, 2, 3, 4, 5]);
        let now = Time::from_seconds(0x6744_6840).unwrap();
        assert_eq!(mint.id(now).to_string(), "674468400102030405000001");
        assert_eq!(mint.id(now).to_string(), "674468400102030405000002");
    }
}
