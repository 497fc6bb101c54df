//! What is stored on a card.

use rsa::RsaPrivateKey;

use super::touches::SensitiveObject;

/// One application with its files.
pub(super) struct Application {
    pub(super) name: &'static [u8],
    pub(super) files: Vec<File>,
    /// Set when the application as a whole is nobody's business.
    pub(super) sensitive: Option<SensitiveObject>,
}

/// One elementary file, or a secret or key that is addressed like one.
pub(super) struct File {
    pub(super) id: u16,
    pub(super) body: Body,
    pub(super) sensitive: Option<Sensitive>,
}

/// Which part of a file is sensitive.
#[derive(Clone, Copy)]
pub(super) struct Sensitive {
    pub(super) object: SensitiveObject,
    /// From this byte on; 0 means that selecting the file touches it.
    pub(super) from: usize,
}

pub(super) enum Body {
    Data { bytes: Vec<u8>, access: Access },
    Records(Vec<Vec<u8>>),
    Secret(Secret),
    Key { key: Box<RsaPrivateKey>, opened_by: u16 },
}

/// What must have been presented before a file can be read.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Free,
    OneOf(&'static [u16]),
}

pub(super) struct Secret {
    /// `None`: nothing ever opens it.
    pub(super) value: Option<Vec<u8>>,
    pub(super) tries_left: u8,
    pub(super) tries: u8,
}

impl Application {
    pub(super) fn new(name: &'static [u8], files: Vec<File>) -> Self {
        Self { name, files, sensitive: None }
    }

    pub(super) fn file(&self, id: u16) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }

    pub(super) fn file_mut(&mut self, id: u16) -> Option<&mut File> {
        self.files.iter_mut().find(|file| file.id == id)
    }
}

impl File {
    pub(super) fn free(id: u16, bytes: Vec<u8>) -> Self {
        Self::guarded(id, bytes, Access::Free)
    }

    pub(super) fn guarded(id: u16, bytes: Vec<u8>, access: Access) -> Self {
        Self { id, body: Body::Data { bytes, access }, sensitive: None }
    }

    pub(super) fn secret(id: u16, value: Option<&str>, tries_left: u8, tries: u8) -> Self {
        let value = value.map(|text| text.as_bytes().to_vec());
        Self { id, body: Body::Secret(Secret { value, tries_left, tries }), sensitive: None }
    }

    pub(super) fn key(id: u16, key: RsaPrivateKey, opened_by: u16) -> Self {
        Self { id, body: Body::Key { key: Box::new(key), opened_by }, sensitive: None }
    }

    /// The same file, marked as nobody's business from a byte on.
    pub(super) fn sensitive(self, object: SensitiveObject, from: usize) -> Self {
        Self { sensitive: Some(Sensitive { object, from }), ..self }
    }
}
