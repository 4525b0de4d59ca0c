//! HMAC-SHA256 and HKDF-SHA256 (RFC 2104, RFC 5869). Private: keys go in and out as [`Key`].

use ring::{hkdf, hmac};
use subtle::ConstantTimeEq as _;

use crate::key::Key;

/// HMAC-SHA256 over the parts, one after another.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

/// Compare without telling by time where the first difference is.
pub(crate) fn equal(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.ct_eq(b).into()
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA256 into `out`; `false` when `out` is longer than the 8,160 bytes HKDF can give.
pub(crate) fn hkdf_sha256(salt: &[u8], ikm: &[u8], info: &[&[u8]], out: &mut [u8]) -> bool {
    let pseudorandom = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(ikm);
    pseudorandom.expand(info, Length(out.len())).and_then(|okm| okm.fill(out)).is_ok()
}

/// A key for one purpose, named by `info`, out of another key.
pub(crate) fn derive(salt: &[u8], ikm: &Key, info: &[&[u8]]) -> Key {
    Key::filled_by(|out| {
        // 32 bytes are always within what HKDF can give.
        let filled = hkdf_sha256(salt, ikm.expose(), info, out);
        debug_assert!(filled, "32 bytes of HKDF output");
    })
}
