//! Whether a link that a wallet brings is one the relay can keep and answer for.

use kosha_crypto::Entropy;
use kosha_wire::manifest::{FHIR_JSON, HEALTH_CARD};
use kosha_wire::relay::{CreateLink, LinkMode, MAX_LINK_SECONDS, MAX_LINK_VIEWS, UploadFile};

use crate::answer::Refusal;
use crate::secrets;

/// Wrong passcodes that a link bears whose owner did not say.
pub(crate) const USUAL_ATTEMPTS: u32 = 5;
/// Most wrong passcodes that a link may bear.
const MAX_ATTEMPTS: u32 = 100;
/// Most files of a link.
const MAX_FILES: usize = 64;
/// Longest passcode, in bytes: 64 characters of any script.
const MAX_PASSCODE: usize = 256;
/// Longest `fhirVersion` and `lastUpdated`, in bytes.
const MAX_LABEL: usize = 40;
/// The content types that a manifest may name (SMART Health Links STU1, "Manifest File").
const CONTENT_TYPES: [&str; 3] = [FHIR_JSON, HEALTH_CARD, "application/smart-api-access"];

/// The hash by which the owner of `link` is known.
///
/// # Errors
/// [`Refusal::Malformed`].
pub(crate) fn management(link: &CreateLink) -> Result<[u8; 32], Refusal> {
    secrets::hash_text(&link.management_hash).ok_or(Refusal::Malformed)
}

/// Checks everything else in `link` that the shapes leave open.
///
/// # Errors
/// [`Refusal::Malformed`].
pub(crate) fn link(link: &CreateLink, now: u64, entropy: &dyn Entropy) -> Result<(), Refusal> {
    let files = match link.mode {
        LinkMode::Manifest => (1..=MAX_FILES).contains(&link.files.len()),
        LinkMode::Direct => link.files.len() == 1 && link.passcode.is_none(),
    };
    let passcode = match (&link.passcode, link.passcode_attempts) {
        (None, attempts) => attempts.is_none(),
        (Some(passcode), attempts) => {
            (1..=MAX_PASSCODE).contains(&passcode.len())
                && attempts.is_none_or(|n| (1..=MAX_ATTEMPTS).contains(&n))
        }
    };
    let good = files
        && passcode
        && link.expires > now
        && link.expires <= now.saturating_add(MAX_LINK_SECONDS)
        && link.max_views.is_none_or(|views| (1..=MAX_LINK_VIEWS).contains(&views))
        && link.files.iter().all(file)
        // A key that nothing can be sealed to would show only when a doctor stands before the link.
        && secrets::seal_view(&link.view_key, &[0; 32], b"", entropy).is_some();
    if good { Ok(()) } else { Err(Refusal::Malformed) }
}

fn file(file: &UploadFile) -> bool {
    let label = |label: &Option<String>| {
        label
            .as_ref()
            .is_none_or(|text| text.len() <= MAX_LABEL && text.bytes().all(|b| b.is_ascii_graphic()))
    };
    CONTENT_TYPES.contains(&file.content_type.as_str())
        && label(&file.fhir_version)
        && label(&file.last_updated)
        && is_compact_jwe(&file.jwe)
}

/// Five parts of base64url, the second empty (RFC 7516 section 7.1, `alg` `dir`): so nothing readable is stored by mistake.
fn is_compact_jwe(text: &str) -> bool {
    let mut parts = 0;
    for (n, part) in text.split('.').enumerate() {
        let empty = part.is_empty();
        let plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !plain || empty != (n == 1) || n > 4 {
            return false;
        }
        parts = n + 1;
    }
    parts == 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_compact_jwe_without_wrapped_key_is_kept() {
        assert!(is_compact_jwe("eyJ9.._iv-.ct.tag"));
        for bad in
            ["", "a.b.c.d.e", "a..c.d", "a..c.d.e.f", "a..c.d.", "{}..c.d.e", "a..c d.e.f", "plain text"]
        {
            assert!(!is_compact_jwe(bad), "{bad}");
        }
    }
}
