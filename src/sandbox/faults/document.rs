//! The form a rule is sent in. What is checked here is what a single field can tell; the rest is `rule.rs`'s.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Connection, When};
use crate::loyalty::Programme;
use crate::loyalty::time::{Period, TimeError};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct RuleDocument {
    #[serde(default, deserialize_with = "said")]
    pub(super) r#match: Option<MatchDocument>,
    #[serde(default, deserialize_with = "said")]
    pub(super) skip: Option<u64>,
    #[serde(default, deserialize_with = "said")]
    pub(super) times: Option<u64>,
    #[serde(default, deserialize_with = "said")]
    pub(super) probability: Option<Probability>,
    #[serde(default, deserialize_with = "said")]
    pub(super) effect: Option<EffectDocument>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct MatchDocument {
    #[serde(default, deserialize_with = "said")]
    pub(super) api: Option<Api>,
    #[serde(default, deserialize_with = "said")]
    pub(super) operation: Option<String>,
    #[serde(default, deserialize_with = "said")]
    pub(super) method: Option<String>,
    #[serde(default, deserialize_with = "said")]
    pub(super) path: Option<String>,
    /// Taken from the text: see `rule.rs`.
    #[serde(default, deserialize_with = "said")]
    pub(super) body: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct EffectDocument {
    #[serde(default, deserialize_with = "said")]
    pub(super) delay: Option<DelayDocument>,
    #[serde(default, deserialize_with = "said")]
    pub(super) status: Option<u64>,
    /// Taken from the text: see `rule.rs`.
    #[serde(default, deserialize_with = "said")]
    pub(super) body: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "said")]
    pub(super) headers: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "said")]
    pub(super) connection: Option<Connection>,
    #[serde(default, deserialize_with = "said")]
    pub(super) when: Option<When>,
}

/// The name of an API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api(pub(super) Programme);

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probability(pub(super) f64);

/// `"800ms"`, or `{"min": "100ms", "max": "2s"}`.
#[derive(Clone, Copy, Debug)]
pub(super) enum DelayDocument {
    Exactly(Period),
    Between { min: Period, max: Period },
}

/// A field that may be left out, but not be null.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for Api {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Api, D::Error> {
        const NAMES: &[&str] = &["loyalclient", "ibonus", "probonus"];
        let name = String::deserialize(deserializer)?;
        Programme::parse(&name).map(Api).ok_or_else(|| de::Error::unknown_variant(&name, NAMES))
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Probability, D::Error> {
        struct ProbabilityVisitor;
        impl Visitor<'_> for ProbabilityVisitor {
            type Value = Probability;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number from 0 to 1")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Probability, E> {
                let within = (0.0..=1.0).contains(&number);
                within
                    .then_some(Probability(number))
                    .ok_or_else(|| E::custom("expected a number from 0 to 1"))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Probability, E> {
                // Larger ones are beyond 1 all the same.
                self.visit_f64(f64::from(u32::try_from(number).unwrap_or(u32::MAX)))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Probability, E> {
                self.visit_f64(if number < 0 { -1.0 } else { f64::INFINITY })
            }
        }
        deserializer.deserialize_any(ProbabilityVisitor)
    }
}

impl<'de> Deserialize<'de> for DelayDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DelayDocument, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Between {
            min: Period,
            max: Period,
        }
        struct DelayVisitor;
        impl<'de> Visitor<'de> for DelayVisitor {
            type Value = DelayDocument;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a duration such as \"800ms\", or {\"min\":\"100ms\",\"max\":\"2s\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<DelayDocument, E> {
                Period::parse(text).map(DelayDocument::Exactly).map_err(|error| match error {
                    TimeError::NotADuration => E::custom("not a duration: write 800ms or 2s, or PT0.8S"),
                    error => E::custom(error),
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DelayDocument, A::Error> {
                let Between { min, max } = Between::deserialize(MapAccessDeserializer::new(map))?;
                Ok(DelayDocument::Between { min, max })
            }
        }
        deserializer.deserialize_any(DelayVisitor)
    }
}
