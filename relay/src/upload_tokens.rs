//! The tokens that allow a wallet to create links here. The file holds only their SHA-256.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kosha_crypto::digest::sha256;

use crate::config::RelayFailure;

/// Largest file of upload tokens, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// The hashes of the upload tokens that are good.
#[derive(Clone, Default)]
pub struct UploadTokens {
    hashes: Vec<[u8; 32]>,
}

impl UploadTokens {
    /// Reads a file with one SHA-256 per line, as 64 hex digits or 43 characters of base64url; empty lines and
    /// lines that begin with `#` are passed over, and so is whatever follows the hash after white space
    /// (so `sha256sum` output fits).
    ///
    /// # Errors
    /// [`RelayFailure::UploadTokens`] names the line, never its content.
    pub fn read(path: &Path) -> Result<Self, RelayFailure> {
        let fail = |e: std::io::Error| RelayFailure::UploadTokens(e.kind().to_string());
        if std::fs::metadata(path).map_err(fail)?.len() > MAX_FILE {
            return Err(RelayFailure::UploadTokens("larger than 1 MiB".to_owned()));
        }
        Self::parse(&std::fs::read_to_string(path).map_err(fail)?)
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    /// [`RelayFailure::UploadTokens`] names the line, never its content.
    pub fn parse(text: &str) -> Result<Self, RelayFailure> {
        let mut hashes = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let Some(word) = line.split_whitespace().next().filter(|word| !word.starts_with('#')) else {
                continue;
            };
            let hash = parse_hash(word)
                .ok_or_else(|| RelayFailure::UploadTokens(format!("line {} is not a SHA-256", number + 1)))?;
            hashes.push(hash);
        }
        Ok(Self { hashes })
    }

    /// Whether there is none, so that nobody may create.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether `token` is one of them. What is compared are digests, so the time taken says nothing of the token.
    pub fn allow(&self, token: &str) -> bool {
        let hash = sha256(&[token.as_bytes()]);
        self.hashes.contains(&hash)
    }
}

impl std::fmt::Debug for UploadTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UploadTokens({})", self.hashes.len())
    }
}

fn parse_hash(word: &str) -> Option<[u8; 32]> {
    if word.len() == 64 {
        let mut out = [0; 32];
        for (byte, pair) in out.iter_mut().zip(word.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        return word.bytes().all(|b| b.is_ascii_hexdigit()).then_some(out);
    }
    URL_SAFE_NO_PAD.decode(word).ok()?.try_into().ok()
}

/// The line that belongs into the file for `token`.
pub fn token_line(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(&[token.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_base64url_lines_allow_their_token_and_no_other() {
        // printf %s first | sha256sum
        let hex = "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e";
        let file = format!("# ward 3\n{hex}  -\n\n{}\n", token_line("second"));
        let tokens = UploadTokens::parse(&file).unwrap();
        assert!(tokens.allow("first") && tokens.allow("second"));
        assert!(!tokens.allow("third") && !tokens.allow("") && !tokens.allow(hex));
    }

    #[test]
    fn a_plain_token_in_the_file_is_refused_without_being_repeated() {
        let error = UploadTokens::parse("my-plain-token").unwrap_err().to_string();
        assert!(error.contains("line 1") && !error.contains("my-plain"));
    }
}
