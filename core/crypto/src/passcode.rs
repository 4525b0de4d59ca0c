//! The slow hash of a link's passcode, which is all that a relay keeps of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::entropy::draw;
use crate::slot::KdfStrength;
use crate::{CryptoError, Entropy, mac};

/// Longest passcode, in bytes; longer ones are refused before any work.
pub const MAX_PASSCODE: usize = 1024;

/// `passcode` in Unicode Normalization Form C (UAX #15), the one form in which it is sent, measured and hashed: two keyboards
/// write one Hindi or Tamil word in different code points, which look the same to whoever types them.
pub fn normal_form(passcode: &str) -> Zeroizing<String> {
    // With room from the start (three times is the most that the form grows), so that no copies are left behind.
    let mut normal = Zeroizing::new(String::with_capacity(passcode.len().saturating_mul(3)));
    normal.extend(passcode.nfc());
    normal
}

const PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Argon2id (19 MiB, 2 passes, 1 lane) of a passcode, with a salt of its own, in the PHC string format.
///
/// The passcode is hashed in its [`normal_form`], whichever form a reader sends.
///
/// The parameters are fixed: a stored hash with others is refused, so it cannot be made to cost more. Takes about 25 ms and
/// 19 MiB, so callers bound how many run at once.
#[derive(Clone, PartialEq, Eq)]
pub struct PasscodeHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

crate::key::redacted!(PasscodeHash);

impl PasscodeHash {
    /// Hash a new passcode.
    pub fn create(passcode: &str, entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        let salt = draw(entropy)?;
        Ok(Self { salt, hash: *derive(passcode, &salt)? })
    }

    /// Whether `passcode` is the one.
    pub fn verify(&self, passcode: &str) -> Result<bool, CryptoError> {
        if passcode.len() > MAX_PASSCODE {
            return Ok(false);
        }
        Ok(mac::equal(&self.hash, &*derive(passcode, &self.salt)?))
    }

    /// The text to store: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}${}", STANDARD_NO_PAD.encode(self.salt), STANDARD_NO_PAD.encode(self.hash))
    }

    /// Inverse of [`PasscodeHash::to_text`].
    pub fn from_text(text: &str) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("passcode hash");
        let rest = text.strip_prefix(PREFIX).ok_or(CryptoError::Unsupported)?;
        let (salt, hash) = rest.split_once('$').filter(|_| rest.len() < 128).ok_or(WRONG)?;
        let salt = STANDARD_NO_PAD.decode(salt).map_err(|_| WRONG)?;
        let hash = STANDARD_NO_PAD.decode(hash).map_err(|_| WRONG)?;
        Ok(Self { salt: salt.try_into().map_err(|_| WRONG)?, hash: hash.try_into().map_err(|_| WRONG)? })
    }
}

fn derive(passcode: &str, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    if passcode.len() > MAX_PASSCODE {
        return Err(CryptoError::TooLarge);
    }
    let mut out = Zeroizing::new([0; 32]);
    KdfStrength::FLOOR.derive(normal_form(passcode).as_bytes(), salt, out.as_mut_slice())?;
    Ok(out)
}
