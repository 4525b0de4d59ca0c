//! Looking at the seals of an attachment's file while it is copied as it stands.

use kosha_crypto::id::{AttachmentId, VaultId};
use kosha_crypto::stream::{HEADER, SEALED_CHUNK};
use kosha_crypto::{AttachmentKey, Place, StreamOpener};
use zeroize::Zeroizing;

/// Takes a file's bytes in their order, and tells in the end whether each of its chunks was authentic.
pub(super) struct Seals<'a> {
    /// None where the key itself could not be read.
    key: Option<&'a AttachmentKey>,
    place: Place,
    /// Length of the content.
    len: u64,
    opener: Option<StreamOpener>,
    /// Chunks that were opened.
    opened: u64,
    /// The header or chunk that is coming in.
    sealed: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    broken: bool,
}

impl<'a> Seals<'a> {
    pub(super) fn new(vault: VaultId, id: AttachmentId, key: Option<&'a AttachmentKey>, len: u64) -> Self {
        Self {
            key,
            place: Place::attachment(vault, id),
            len,
            opener: None,
            opened: 0,
            sealed: Vec::with_capacity(SEALED_CHUNK),
            plain: Zeroizing::new(Vec::with_capacity(SEALED_CHUNK)),
            broken: key.is_none(),
        }
    }

    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !self.broken && !bytes.is_empty() {
            let wanted = match &self.opener {
                None => HEADER,
                Some(opener) => opener.sealed_range(self.opened).map_or(0, |(_, len)| len),
            };
            let now = wanted.saturating_sub(self.sealed.len()).min(bytes.len());
            // Bytes behind the last chunk are wanted by nobody.
            let Some((now, rest)) = bytes.split_at_checked(now).filter(|(now, _)| !now.is_empty()) else {
                self.broken = true;
                return;
            };
            self.sealed.extend_from_slice(now);
            bytes = rest;
            if self.sealed.len() == wanted {
                self.broken = self.open().is_none();
                self.sealed.clear();
            }
        }
    }

    fn open(&mut self) -> Option<()> {
        if let Some(opener) = &self.opener {
            opener.open_chunk(self.opened, &self.sealed, &mut self.plain).ok()?;
            self.opened += 1;
        } else {
            self.opener = Some(StreamOpener::new(self.key?, &self.place, &self.sealed, self.len).ok()?);
        }
        Some(())
    }

    /// Whether all of the file came, and all of it was authentic.
    pub(super) fn hold(&self) -> bool {
        let all = self.opener.as_ref().is_some_and(|opener| opener.chunks() == self.opened);
        all && !self.broken && self.sealed.is_empty()
    }
}
