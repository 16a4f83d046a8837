//! `/loyalty/settings/contact_info/`: how the merchant can be reached, and its logo.

use std::sync::Arc;

use super::Books;
use super::image::{Picture, Upload};

/// How the merchant can be reached; each part may be left out \[D\]. Texts as they were sent \[I\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct ContactInfo {
    pub company: Option<Box<str>>,
    pub phone: Option<Box<str>>,
    pub email: Option<Box<str>>,
    pub url: Option<Box<str>>,
    pub instagram: Option<Box<str>>,
    pub facebook: Option<Box<str>>,
    pub vk: Option<Box<str>>,
    pub youtube: Option<Box<str>>,
}

impl Books {
    /// How the merchant can be reached.
    pub fn contact_info(&self) -> &ContactInfo {
        &self.contact_info
    }

    /// Replaces all of it but the logo; what is left out is empty afterwards \[I\].
    pub fn put_contact_info(&mut self, contact_info: ContactInfo) {
        self.contact_info = Arc::new(contact_info);
    }

    /// The logo.
    pub fn logo(&self) -> Option<&Picture> {
        self.logo.as_ref()
    }

    /// Stores a logo, in place of the one there was.
    pub fn put_logo(&mut self, upload: Upload) {
        let picture = self.store(upload);
        let old = self.logo.replace(picture);
        self.discard(old);
    }

    /// Takes the logo away; that there is none is a success, too \[I\].
    pub fn delete_logo(&mut self) {
        let old = self.logo.take();
        self.discard(old);
    }
}
