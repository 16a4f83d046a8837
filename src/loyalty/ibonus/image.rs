//! Pictures: a template's image and the logo. Kept as the bytes that were sent.

use std::sync::Arc;

use super::{Books, TOKEN_BYTES};

/// A picture that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its name, unique within the books: a new upload has a new one, so that its URL is new, too \[I\].
    pub name: Arc<str>,
    /// Its media type, as it was sent.
    pub content_type: Box<str>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// Where a picture is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Elsewhere: what a fixture says.
    Url(Box<str>),
    /// Here: it was uploaded.
    Stored(Arc<Image>),
}

/// A picture to be stored.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its media type.
    pub content_type: Box<str>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

impl Books {
    /// The picture of this name, as its URL carries it.
    pub fn image(&self, name: &str) -> Option<&Arc<Image>> {
        self.images.get(name)
    }

    /// Stores a picture under a new name.
    pub(super) fn store(&mut self, upload: Upload) -> Picture {
        let name: Arc<str> = self.mint.token::<TOKEN_BYTES>().into();
        let image = Arc::new(Image {
            name: Arc::clone(&name),
            content_type: upload.content_type,
            bytes: upload.bytes,
        });
        self.images.insert(name, Arc::clone(&image));
        Picture::Stored(image)
    }

    /// Forgets a picture that nothing shows any more.
    pub(super) fn discard(&mut self, picture: Option<Picture>) {
        if let Some(Picture::Stored(image)) = picture {
            self.images.remove(&image.name);
        }
    }
}
