//! The log's signature: an Ed25519 key per writer, and checkpoints in C2SP form (signed-note, tlog-checkpoint).
//!
//! A checkpoint is the text `origin \n size \n base64(root) \n`, an empty line, and one signature line
//! `— name base64(key id (4) | signature (64))`. Origin and name are both `kosha-log/` and the first 32 hexadecimal digits
//! of the key's fingerprint. The key id is the first 4 bytes of SHA-256(name, 0x0A, 0x01, public key).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::digest::sha256;
use crate::entropy::{Entropy, draw};
use crate::key::{Key, redacted};
use crate::key_set::Epochs;
use crate::place::Place;
use crate::{CryptoError, RecordKey, VaultId, WriterId, mac, text};

/// Longest note that is read.
pub const MAX_NOTE: usize = 4096;
/// Longest verifier text that is read.
const MAX_VERIFIER: usize = 256;

const ED25519_NOTE: u8 = 1;

/// Signs the log of one writer.
pub struct LogSigner {
    writer: WriterId,
    seed: Key,
    public: LogKey,
}

redacted!(LogSigner);

impl LogSigner {
    /// A new signing key.
    pub fn generate(writer: WriterId, entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Self::from_seed(writer, Key::random(entropy)?)
    }

    fn from_seed(writer: WriterId, seed: Key) -> Result<Self, CryptoError> {
        let pair = pair(&seed)?;
        let mut public = [0; 32];
        public.copy_from_slice(pair.public_key().as_ref());
        Ok(Self { writer, seed, public: LogKey(public) })
    }

    /// Wrap the key under the vault's current epoch; wrap it anew when the epoch changes. The key itself stays.
    pub fn wrap(
        &self,
        epochs: &Epochs,
        vault: VaultId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let seed = RecordKey(Key::copied_from(self.seed.expose())?);
        Ok(epochs.wrap_record(&Place::log_signer(vault, self.writer), &seed, entropy)?.to_vec())
    }

    /// Unwrap what [`LogSigner::wrap`] gave.
    pub fn unwrap(
        epochs: &Epochs,
        vault: VaultId,
        writer: WriterId,
        wrapped: &[u8],
    ) -> Result<Self, CryptoError> {
        let seed = epochs.unwrap_record(&Place::log_signer(vault, writer), wrapped)?;
        Self::from_seed(writer, seed.0)
    }

    /// The key under which anchors of this log are authenticated ([`crate::anchor`]).
    pub(crate) fn anchor_key(&self) -> Key {
        mac::derive(&[], &self.seed, &[b"kosha/v1/anchor"])
    }

    /// Whose log it signs.
    pub fn writer(&self) -> WriterId {
        self.writer
    }

    /// The public key.
    pub fn public(&self) -> LogKey {
        self.public
    }

    /// Shorthand for [`LogKey::fingerprint`].
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint()
    }

    /// A signed checkpoint: the log has `size` entries and this root.
    pub fn checkpoint(&self, size: u64, root: &[u8; 32]) -> Result<String, CryptoError> {
        let name = self.public.name();
        let body = format!("{name}\n{size}\n{}\n", STANDARD.encode(root));
        let signature = pair(&self.seed)?.sign(body.as_bytes());
        let line = [&self.public.key_id()[..], signature.as_ref()].concat();
        Ok(format!("{body}\n\u{2014} {name} {}\n", STANDARD.encode(line)))
    }
}

fn pair(seed: &Key) -> Result<Ed25519KeyPair, CryptoError> {
    Ed25519KeyPair::from_seed_unchecked(seed.expose())
        .map_err(|_| CryptoError::Malformed("an Ed25519 seed is 32 bytes"))
}

/// Key id of an Ed25519 key in a signed note (C2SP signed-note, "Signatures").
fn note_key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[ED25519_NOTE], public]);
    [a, b, c, d]
}

/// What a checkpoint says, once its signature held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log: `kosha-log/…`.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The Merkle root over them.
    pub root: [u8; 32],
}

/// The public key of a writer's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogKey([u8; 32]);

impl LogKey {
    /// From the 32 bytes of an Ed25519 public key.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 of the public key, 64 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        text::hex(&sha256(&[&self.0]))
    }

    /// The name that stands in its notes, `kosha-log/` and 32 digits of the fingerprint.
    pub fn name(&self) -> String {
        let digits: String = self.fingerprint().chars().take(32).collect();
        format!("kosha-log/{digits}")
    }

    fn key_id(&self) -> [u8; 4] {
        note_key_id(&self.name(), &self.0)
    }

    /// The key in C2SP form, `name+key id+base64(0x01, public key)`, as note verifiers take it.
    pub fn verifier_text(&self) -> String {
        let key = [&[ED25519_NOTE][..], &self.0].concat();
        format!("{}+{}+{}", self.name(), text::hex(&self.key_id()), STANDARD.encode(key))
    }

    /// Check a raw Ed25519 signature.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).map_err(|_| CryptoError::Refused)
    }

    /// Inverse of [`LogKey::verifier_text`]; name and key id must be those of the key.
    pub fn from_verifier_text(text: &str) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("verifier of a log");
        if text.len() > MAX_VERIFIER {
            return Err(CryptoError::TooLarge);
        }
        let encoded = text.splitn(3, '+').nth(2).ok_or(WRONG)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| WRONG)?;
        let (kind, key) = bytes.split_first().ok_or(WRONG)?;
        if *kind != ED25519_NOTE {
            return Err(CryptoError::Unsupported);
        }
        let key = Self(key.try_into().map_err(|_| WRONG)?);
        if key.verifier_text() == text { Ok(key) } else { Err(WRONG) }
    }

    /// Check a checkpoint of this key's log. Lines after the root and signatures of other keys are ignored, as C2SP says.
    pub fn open_checkpoint(&self, note: &str) -> Result<Checkpoint, CryptoError> {
        let said = read_checkpoint(note)?;
        let name = self.name();
        let (body, signatures) = parts(note)?;
        let signature = signatures
            .lines()
            .filter_map(|line| line.strip_prefix("\u{2014} ")?.split_once(' '))
            .filter(|(signer, _)| *signer == name)
            .filter_map(|(_, encoded)| STANDARD.decode(encoded).ok())
            .find_map(|bytes| {
                let (id, signature) = bytes.split_first_chunk::<4>()?;
                (*id == self.key_id()).then(|| signature.to_vec())
            })
            .ok_or(CryptoError::UnknownKey)?;
        self.verify(body.as_bytes(), &signature)?;
        if said.origin == name { Ok(said) } else { Err(CryptoError::Malformed("checkpoint")) }
    }
}

/// The signed text of a note, its last line end included, and the lines of signatures.
fn parts(note: &str) -> Result<(&str, &str), CryptoError> {
    let at = note.rfind("\n\n").ok_or(CryptoError::Malformed("checkpoint"))?;
    Ok((note.get(..=at).unwrap_or_default(), note.get(at + 2..).unwrap_or_default()))
}

/// What a checkpoint says, **no signature checked**: for showing and keeping it where its key is not known.
pub fn read_checkpoint(note: &str) -> Result<Checkpoint, CryptoError> {
    const WRONG: CryptoError = CryptoError::Malformed("checkpoint");
    if note.len() > MAX_NOTE {
        return Err(CryptoError::TooLarge);
    }
    let (body, _) = parts(note)?;
    let mut lines = body.lines();
    let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(WRONG);
    };
    let number: u64 = size.parse().map_err(|_| WRONG)?;
    let root = STANDARD.decode(root).ok().and_then(|root| <[u8; 32]>::try_from(root).ok());
    // One text for one number: no sign, no leading zero.
    if number.to_string() != size {
        return Err(WRONG);
    }
    Ok(Checkpoint { origin: origin.to_owned(), size: number, root: root.ok_or(WRONG)? })
}

/// A salt for [`crate::merkle::leaf_hash`]; sealed with the entry's text.
pub fn leaf_salt(entropy: &dyn Entropy) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    draw(entropy).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_note_of_the_go_package() {
        // golang.org/x/mod/sumdb/note, package documentation.
        let key = STANDARD.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let public = LogKey::from_bytes(key[1..].try_into().unwrap());
        let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let line = STANDARD
            .decode("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=")
            .unwrap();
        assert_eq!(note_key_id("PeterNeumann", public.as_bytes()), [0xc7, 0x4f, 0x20, 0xa3]);
        assert_eq!(line[..4], [0xc7, 0x4f, 0x20, 0xa3]);
        public.verify(text.as_bytes(), &line[4..]).unwrap();
    }

    #[test]
    fn the_first_key_of_rfc_8032() {
        let seed =
            text::unhex::<32>("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let signer =
            LogSigner::from_seed(WriterId::from_bytes([0; 16]), Key::copied_from(&seed).unwrap()).unwrap();
        assert_eq!(
            text::hex(signer.public().as_bytes()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
    }
}
