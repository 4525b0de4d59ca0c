//! HPKE (RFC 9180) base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
//!
//! Base mode does not say who sealed. A sealed message is `encapsulated key (32) | ciphertext | tag (16)`.

use std::convert::Infallible;

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use zeroize::Zeroizing;

use crate::key::{Key, redacted};
use crate::{CryptoError, Entropy};

/// What sealing adds: the encapsulated key and the tag.
pub const OVERHEAD: usize = 32 + 16;

type Suite = X25519HkdfSha256;

/// The private half of an X25519 key pair.
pub(crate) struct PrivateKey(Key);

impl PrivateKey {
    /// Draw a new one.
    pub(crate) fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    /// From 32 bytes, which X25519 clamps when it uses them (RFC 7748 section 5).
    pub(crate) fn from_key(key: Key) -> Self {
        Self(key)
    }

    /// The 32 bytes, to be sealed.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    fn parsed(&self) -> Result<<Suite as Kem>::PrivateKey, CryptoError> {
        <Suite as Kem>::PrivateKey::from_bytes(self.0.expose())
            .map_err(|_| CryptoError::Malformed("an X25519 key is 32 bytes"))
    }

    /// The public half.
    pub(crate) fn public(&self) -> Result<[u8; 32], CryptoError> {
        let mut out = [0; 32];
        out.copy_from_slice(&<Suite as Kem>::sk_to_pk(&self.parsed()?).to_bytes());
        Ok(out)
    }

    /// Open what [`seal`] gave for the public half.
    pub(crate) fn open(
        &self,
        info: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (encapsulated, ciphertext) = sealed
            .split_first_chunk::<32>()
            .filter(|(_, rest)| rest.len() >= 16)
            .ok_or(CryptoError::Malformed("shorter than a sealed message"))?;
        let encapsulated = <Suite as Kem>::EncappedKey::from_bytes(encapsulated)
            .map_err(|_| CryptoError::Malformed("encapsulated key"))?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, Suite>(
            &OpModeR::Base,
            &self.parsed()?,
            &encapsulated,
            info,
            ciphertext,
            aad,
        )
        .map(Zeroizing::new)
        .map_err(|_| CryptoError::Refused)
    }
}

redacted!(PrivateKey);

/// Lends an [`Entropy`] to a library that cannot hear of its failure; the failure is kept and asked for afterwards.
struct Lent<'a> {
    entropy: &'a dyn Entropy,
    result: Result<(), CryptoError>,
}

impl TryRng for Lent<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut out = [0; 4];
        self.try_fill_bytes(&mut out)?;
        Ok(u32::from_le_bytes(out))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut out = [0; 8];
        self.try_fill_bytes(&mut out)?;
        Ok(u64::from_le_bytes(out))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        if let Err(error) = self.entropy.fill(out) {
            self.result = Err(error);
        }
        Ok(())
    }
}

impl TryCryptoRng for Lent<'_> {}

/// Seal `plain` to an X25519 public key; `info` names the purpose, `aad` the circumstances.
pub fn seal(
    public: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, CryptoError> {
    let public = <Suite as Kem>::PublicKey::from_bytes(public)
        .map_err(|_| CryptoError::Malformed("an X25519 key is 32 bytes"))?;
    let mut lent = Lent { entropy, result: Ok(()) };
    let sealed = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        info,
        plain,
        aad,
        &mut lent,
    );
    lent.result?;
    // The one input that fails here is a public key of small order.
    let (encapsulated, ciphertext) = sealed.map_err(|_| CryptoError::Refused)?;
    let mut out = Vec::with_capacity(32 + ciphertext.len());
    out.extend_from_slice(&encapsulated.to_bytes());
    out.extend_from_slice(&ciphertext);
    Ok(out)
}
