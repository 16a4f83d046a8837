//! The integration tests: one binary, so that it links once. They mirror the surfaces: a folder an API, a file a
//! call or a resource; `scenarios/` are stories; `tidy` and `documents` look after what the compiler cannot.

mod documents;
mod fidelity;
mod fuzz;
mod harness;
mod in_process;
mod tidy;

mod cli;

mod control {
    mod accounts;
    mod audit;
    mod clock;
    mod documents;
    mod edge;
    mod health;
    mod reset;
    mod till;
}

mod faults {
    mod connections;
    mod delays;
    mod prefer;
    mod replay;
    mod rules;
    mod statuses;
}

mod ibonus {
    mod clients;
    mod coupons;
    mod credentials;
    mod errors;
    mod fiscal;
    mod holds;
    mod input;
    mod merchants;
    mod orders;
    mod pictures;
    mod sandboxes;
    mod settings;
    pub(crate) mod shop;
    mod templates;
}

mod journal {
    mod coverage;
    mod entries;
    mod metrics;
    mod notes;
    mod replay;
    mod reset;
    mod shown;
    mod stream;
    mod verify;
}

mod loyalclient {
    mod client;
    mod errors;
    mod hold;
    mod lots;
    mod recalc;
    mod release;
    mod retail;
    mod rules;
}

mod probonus {
    mod account_groups;
    mod accounts;
    mod auth;
    mod checks;
    mod discounts;
    mod docs;
    mod errors;
    mod identifier_types;
    mod input;
    mod points;
    mod reading;
    mod refusals;
    mod reports;
    mod sandboxes;
    pub(crate) mod shop;
    mod state;
    mod users;
}

mod scenarios {
    mod a_guest_pays;
    mod a_purchase_with_points_and_coupons;
    mod a_rush;
    mod probonus_typical;
    mod slow_clients;
    mod two_tills;
}

mod sandboxes {
    mod cors;
    mod guard;
    mod isolation;
    mod registry;
    mod selectors;
    mod snapshots;
    mod state;
}
