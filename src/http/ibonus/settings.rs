//! What purchases give, and the sums a cashier is offered: `settings.get`, `.put`, `.writeOffRules`.

use super::ask::{Answer, Ask};
use super::wire::settings as wire;
use super::{done, shown};

pub(super) fn get(ask: &Ask<'_>) -> Answer {
    let settings = ask.as_user(Ok(()), |open, ()| Ok(open.books.settings().clone()))?;
    Ok(shown(&wire::Settings::from(&settings)))
}

pub(super) fn put(ask: &Ask<'_>) -> Answer {
    let settings = wire::settings_request(ask.body());
    ask.as_user(settings, |open, settings| Ok(open.books.put_settings(settings)?))?;
    Ok(done())
}

pub(super) fn write_off_rules(ask: &Ask<'_>) -> Answer {
    let presets = ask.as_user(Ok(()), |open, ()| Ok(open.books.presets().to_vec()))?;
    Ok(shown(&wire::WriteOffRules::from(presets)))
}
