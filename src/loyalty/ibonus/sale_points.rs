//! `/loyalty/settings/sale_points/`: the merchant's places. A PUT replaces the list.

use std::sync::Arc;

use imbl::OrdMap;

use super::ids::SalePointId;
use super::{Books, Refusal};

/// A place of the merchant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalePoint {
    /// Its id.
    pub id: SalePointId,
    /// Where it is.
    pub place: Place,
}

/// Where a sale point is; each part may be left out \[D\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Place {
    pub region: Option<Box<str>>,
    pub city: Option<Box<str>>,
    pub address: Option<Box<str>>,
    pub phone: Option<Box<str>>,
}

/// An element of the new list.
#[derive(Clone, Debug, Default)]
pub struct SalePointOrder {
    /// With an id that one is changed, without it is new \[D\].
    pub id: Option<SalePointId>,
    /// All of it: what is left out is empty afterwards \[D\].
    pub place: Place,
}

impl Books {
    /// The sale points, by id.
    pub fn sale_points(&self) -> impl ExactSizeIterator<Item = &Arc<SalePoint>> {
        self.sale_points.values()
    }

    /// Replaces the list: with id is changed, without is new, left out is deleted \[D\].
    ///
    /// Refuses: an id that is not there \[I\], an id named twice \[I\].
    pub fn put_sale_points(&mut self, list: Vec<SalePointOrder>) -> Result<(), Refusal> {
        let mut named = std::collections::BTreeSet::new();
        for id in list.iter().filter_map(|point| point.id) {
            if !self.sale_points.contains_key(&id) {
                return Err(Refusal::UnknownSalePoint { id });
            }
            if !named.insert(id) {
                return Err(Refusal::SalePointRepeated { id });
            }
        }

        let mut points = OrdMap::new();
        for order in list {
            let id = order.id.unwrap_or_else(|| self.counts.sale_points.take());
            points.insert(id, Arc::new(SalePoint { id, place: order.place }));
        }
        self.sale_points = points;
        Ok(())
    }
}
