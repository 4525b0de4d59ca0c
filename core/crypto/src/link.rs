//! All the secrets of one SMART Health Link, and the sealing of view records.

use zeroize::Zeroizing;

use crate::entropy::draw;
use crate::key::{Key, redacted};
use crate::token::Token;
use crate::{CryptoError, Entropy, digest, hpke, jwe, text};

const VERSION: u8 = 1;
const LEN: usize = 1 + 32 * 4;
const VIEW_INFO: &[u8] = b"kosha/v1/view";

/// The content key of a link: 32 bytes that travel in the code and never reach the relay.
pub struct LinkKey(pub(crate) Key);

impl LinkKey {
    /// From the 43 characters of a link payload's `key`.
    pub fn from_text(key: &str) -> Result<Self, CryptoError> {
        Key::copied_from(text::unbase64url_32(key)?.as_slice()).map(Self)
    }
}

/// Everything the wallet keeps about a link: id, content key, management token, and the key pair for view records.
pub struct LinkSecret {
    id: [u8; 32],
    key: LinkKey,
    management: Token,
    view: hpke::PrivateKey,
    view_public: [u8; 32],
}

redacted!(LinkKey, LinkSecret);

impl LinkSecret {
    /// New secrets for a new link.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        let id = draw(entropy)?;
        let key = LinkKey(Key::random(entropy)?);
        let management = Token::generate(entropy)?;
        Self::assemble(id, key, management, hpke::PrivateKey::generate(entropy)?)
    }

    fn assemble(
        id: [u8; 32],
        key: LinkKey,
        management: Token,
        view: hpke::PrivateKey,
    ) -> Result<Self, CryptoError> {
        let view_public = view.public()?;
        Ok(Self { id, key, management, view, view_public })
    }

    /// Version 1, id, key, management token, private view key; only for storage inside a sealed item.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(LEN));
        out.push(VERSION);
        for part in [&self.id, self.key.0.expose(), self.management.expose(), self.view.expose()] {
            out.extend_from_slice(part);
        }
        out
    }

    /// Inverse of [`LinkSecret::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("link secrets are 129 bytes");
        let (version, rest) = bytes.split_first().ok_or(WRONG)?;
        if *version != VERSION {
            return Err(CryptoError::Unsupported);
        }
        let ([id, key, management, view], []) = rest.as_chunks::<32>() else {
            return Err(WRONG);
        };
        Self::assemble(
            *id,
            LinkKey(Key::copied_from(key)?),
            Token::from_key(Key::copied_from(management)?),
            hpke::PrivateKey::from_key(Key::copied_from(view)?),
        )
    }

    /// The id as it stands in the link's address: 43 characters, 256 random bits.
    pub fn id_text(&self) -> String {
        text::base64url(&self.id)
    }

    /// SHA-256 of the id's 32 bytes: all that the relay keeps of it.
    pub fn id_hash(&self) -> [u8; 32] {
        digest::sha256(&[&self.id])
    }

    /// The content key as it stands in the link's payload: 43 characters. Goes into the code and nowhere else.
    pub fn key_text(&self) -> Zeroizing<String> {
        Zeroizing::new(text::base64url(self.key.0.expose()))
    }

    /// The content key.
    pub fn key(&self) -> &LinkKey {
        &self.key
    }

    /// The management token, for the relay's `Authorization` header.
    pub fn management_token_text(&self) -> Zeroizing<String> {
        self.management.text()
    }

    /// SHA-256 of the management token, which the relay compares with.
    pub fn management_hash_text(&self) -> String {
        self.management.hash_text()
    }

    /// The public key to which the relay seals each view.
    pub fn view_public_text(&self) -> String {
        text::base64url(&self.view_public)
    }

    /// Seal a file of the link ([`jwe::seal`]).
    pub fn seal_jwe(
        &self,
        protected_json: &str,
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<String, CryptoError> {
        jwe::seal(&self.key, protected_json, plain, entropy)
    }

    /// Open a view record that [`seal_view`] made for this link.
    pub fn open_view(&self, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        self.view.open(VIEW_INFO, &self.id_hash(), &text::unbase64url(sealed)?)
    }
}

/// SHA-256 of the id that a link's address carries, as [`LinkSecret::id_hash`] gives it.
pub fn id_hash(id_text: &str) -> Result<[u8; 32], CryptoError> {
    Ok(digest::sha256(&[text::unbase64url_32(id_text)?.as_slice()]))
}

/// Seal a view record to the key that came with the link; base64url of the HPKE message.
pub fn seal_view(
    view_public_text: &str,
    link_id_hash: &[u8; 32],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<String, CryptoError> {
    let public = text::unbase64url_32(view_public_text)?;
    Ok(text::base64url(&hpke::seal(&public, VIEW_INFO, link_id_hash, plain, entropy)?))
}
