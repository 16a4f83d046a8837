//! `/loyalty/coupons/`: the templates that clients' coupons are made from.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::coupon::Texts;
use super::ids::TemplateId;
use super::image::{Picture, Upload};
use super::{Books, Refusal};
use crate::loyalty::time::{Period, Time};

/// A coupon template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// What its coupons say.
    pub texts: Arc<Texts>,
    /// Its picture.
    pub picture: Option<Picture>,
    /// How it looks.
    pub style: Style,
    /// For how many days a coupon is good after a client got it; none is not limited so.
    pub valid_days: Option<u32>,
    /// Through when its coupons are good at the most.
    pub valid_until: Option<Time>,
    /// Deleted ones stay in the list, and give no more coupons \[I\].
    pub deleted: bool,
}

impl Template {
    /// Through when a coupon is good that a client gets now: the earlier of its two limits \[I\].
    pub fn expire_date(&self, now: Time) -> Option<Time> {
        let by_days = self.valid_days.and_then(|days| now.checked_add(Period::days(days)));
        by_days.into_iter().chain(self.valid_until).min()
    }

    /// Whether clients can get coupons of it now.
    pub fn gives_coupons(&self, now: Time) -> bool {
        !self.deleted && self.valid_until.is_none_or(|until| now <= until)
    }
}

/// How a coupon looks \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum Style {
    ThemePaleOrange,
    ThemeWhite,
    ThemeLightBlue,
    #[default]
    ThemeBrown,
    ThemeSoftOrange,
    ThemeDarkGrayishNavy,
    ThemeBlack,
    ThemeDullGreen,
    ThemeLightPink,
}

impl Style {
    /// All of them, in the documentation's order.
    pub const ALL: [Style; 9] = [
        Style::ThemePaleOrange,
        Style::ThemeWhite,
        Style::ThemeLightBlue,
        Style::ThemeBrown,
        Style::ThemeSoftOrange,
        Style::ThemeDarkGrayishNavy,
        Style::ThemeBlack,
        Style::ThemeDullGreen,
        Style::ThemeLightPink,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Style::ThemePaleOrange => "theme_pale_orange",
            Style::ThemeWhite => "theme_white",
            Style::ThemeLightBlue => "theme_light_blue",
            Style::ThemeBrown => "theme_brown",
            Style::ThemeSoftOrange => "theme_soft_orange",
            Style::ThemeDarkGrayishNavy => "theme_dark_grayish_navy",
            Style::ThemeBlack => "theme_black",
            Style::ThemeDullGreen => "theme_dull_green",
            Style::ThemeLightPink => "theme_light_pink",
        }
    }

    /// The style of this name.
    pub fn read(name: &str) -> Result<Style, Refusal> {
        let found = Style::ALL.into_iter().find(|style| style.name() == name);
        found.ok_or_else(|| Refusal::UnknownStyle { given: name.into() })
    }
}

/// What a template is to be: what is left out is empty afterwards.
#[derive(Clone, Debug, Default)]
pub struct TemplateOrder {
    /// What its coupons say.
    pub texts: Texts,
    /// How it looks; left out: `theme_brown` \[D\].
    pub style: Option<Style>,
    /// For how many days its coupons are good.
    pub valid_days: Option<u32>,
    /// Through when its coupons are good at the most.
    pub valid_until: Option<Time>,
    /// Whether it is deleted; left out: as it was, at first not \[I\].
    pub deleted: Option<bool>,
}

impl Books {
    /// The templates, deleted ones too, by id.
    pub fn templates(&self) -> impl DoubleEndedIterator<Item = &Arc<Template>> + ExactSizeIterator {
        self.templates.values()
    }

    /// A template.
    pub fn template(&self, id: TemplateId) -> Result<&Arc<Template>, Refusal> {
        self.templates.get(&id).ok_or(Refusal::TemplateNotFound { id })
    }

    /// Creates a template.
    pub fn create_template(&mut self, order: TemplateOrder) -> Arc<Template> {
        let id = self.counts.templates.take();
        let template = Arc::new(Template {
            id,
            texts: Arc::new(order.texts),
            picture: None,
            style: order.style.unwrap_or_default(),
            valid_days: order.valid_days,
            valid_until: order.valid_until,
            deleted: order.deleted.unwrap_or_default(),
        });
        self.templates.insert(id, Arc::clone(&template));
        template
    }

    /// Replaces all of a template but its picture. Coupons that clients have stay as they are \[I\].
    pub fn put_template(&mut self, id: TemplateId, order: TemplateOrder) -> Result<(), Refusal> {
        let template = self.template_mut(id)?;
        template.texts = Arc::new(order.texts);
        template.style = order.style.unwrap_or_default();
        template.valid_days = order.valid_days;
        template.valid_until = order.valid_until;
        template.deleted = order.deleted.unwrap_or(template.deleted);
        Ok(())
    }

    /// Marks a template as deleted; one that is so already stays so \[I\].
    pub fn delete_template(&mut self, id: TemplateId) -> Result<(), Refusal> {
        self.template_mut(id)?.deleted = true;
        Ok(())
    }

    /// Gives a template a picture, in place of the one it had.
    pub fn put_template_image(&mut self, id: TemplateId, upload: Upload) -> Result<(), Refusal> {
        self.template(id)?;
        let picture = self.store(upload);
        let old = self.template_mut(id)?.picture.replace(picture);
        self.discard(old);
        Ok(())
    }

    /// Takes a template's picture away; that it has none is a success, too \[I\].
    pub fn delete_template_image(&mut self, id: TemplateId) -> Result<(), Refusal> {
        let old = self.template_mut(id)?.picture.take();
        self.discard(old);
        Ok(())
    }

    fn template_mut(&mut self, id: TemplateId) -> Result<&mut Template, Refusal> {
        self.templates.get_mut(&id).map(Arc::make_mut).ok_or(Refusal::TemplateNotFound { id })
    }
}
