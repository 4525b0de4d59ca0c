//! A release becomes the encrypted files of a link.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use kosha_consent::{Release, Terms};
use kosha_crypto::link::LinkSecret;
use kosha_crypto::passcode::normal_form;
use kosha_crypto::{CryptoError, Entropy, Zeroizing};
use kosha_fhir::summary::{self, Checkpoint, SummaryError};
use kosha_wire::manifest::FHIR_JSON;
use kosha_wire::relay::{CreateLink, LinkMode, MAX_CREATE_BYTES, UploadFile};

/// Bytes that compression must save to be used: several readers know no `zip`, so small gains are not worth it.
const ZIP_SAVES_AT_LEAST: usize = 64 * 1024;
/// Longest document: the reader page and other readers open no more (`MAX_PLAIN` of the page).
pub const LONGEST_DOCUMENT: usize = 20 * 1024 * 1024;
/// FHIR release of what [`package`] makes.
const FHIR_VERSION: &str = "4.0.1";
/// Room in a creation for everything but the file.
const CREATE_OVERHEAD: usize = 4 * 1024;

/// How a share is offered. When it ends and how often it may be viewed stand in the grant.
#[derive(Clone, Copy)]
pub struct PackageOptions<'a> {
    /// By manifest (an IPS document) or directly (a collection bundle, as clinics take it).
    pub mode: LinkMode,
    /// The passcode; manifest only. Must be there when the grant asks for one.
    pub passcode: Option<&'a str>,
    /// Wrong passcodes that the link bears in its life; used with `passcode`.
    pub passcode_attempts: u32,
    /// Where the wallet's log stands; it goes inside the encrypted content.
    pub checkpoint: Option<Checkpoint<'a>>,
}

/// What is to be uploaded, and how large it has become.
#[derive(Clone)]
pub struct Package {
    /// Body of the creation.
    pub create: CreateLink,
    /// Sizes of its file.
    pub sizes: Sizes,
}

/// Sizes of a packaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of the FHIR document.
    pub document: usize,
    /// Bytes after compression, where it was worth it.
    pub compressed: Option<usize>,
    /// Characters of the JWE; it comes inside the manifest when the reader's `embeddedLengthMax` is at least this.
    pub jwe: usize,
}

/// Why a release was not packaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The owner's own copy is not for handing to anyone else.
    #[error("a full copy for oneself cannot be shared by a link")]
    NotAGrant,
    /// The grant asks for a passcode and none was given.
    #[error("this share needs a passcode")]
    PasscodeMissing,
    /// A passcode was given, and the grant says that none is asked for.
    #[error("this share was agreed to without a passcode")]
    PasscodeNotAgreed,
    /// A direct link cannot ask for a passcode.
    #[error("a direct link cannot have a passcode")]
    PasscodeOnDirect,
    /// The passcode is empty.
    #[error("the passcode is empty")]
    EmptyPasscode,
    /// More than a relay takes or a reader opens: share fewer records, or without the large attachments.
    #[error("these records are too large for one share")]
    TooLarge,
    /// The document could not be written.
    #[error(transparent)]
    Summary(#[from] SummaryError),
    /// Encryption or randomness failed.
    #[error("the share could not be encrypted")]
    Crypto,
}

/// Writes what `release` allows as one FHIR document, encrypts it with the link's key and describes the link to create.
///
/// Only a [`Release`] gets in, so nothing can be packaged that was not granted and logged:
///
/// ```
/// # use kosha_consent::Release;
/// # use kosha_share::{Package, PackageError, PackageOptions, package};
/// # use kosha_crypto::{Entropy, LinkSecret};
/// fn send(release: &Release, secret: &LinkSecret, options: &PackageOptions<'_>, entropy: &dyn Entropy) -> Result<Package, PackageError> {
///     package(release, secret, options, entropy)
/// }
/// ```
///
/// Records, however many, are no release; the same lines do not compile with them:
///
/// ```compile_fail,E0308
/// # use kosha_consent::Record;
/// # use kosha_share::{Package, PackageError, PackageOptions, package};
/// # use kosha_crypto::{Entropy, LinkSecret};
/// fn send(records: &Vec<Record>, secret: &LinkSecret, options: &PackageOptions<'_>, entropy: &dyn Entropy) -> Result<Package, PackageError> {
///     package(records, secret, options, entropy)
/// }
/// ```
///
/// Nor is a grant, which no ledger has written down:
///
/// ```compile_fail,E0308
/// # use kosha_consent::Grant;
/// # use kosha_share::{Package, PackageError, PackageOptions, package};
/// # use kosha_crypto::{Entropy, LinkSecret};
/// fn send(grant: &Grant, secret: &LinkSecret, options: &PackageOptions<'_>, entropy: &dyn Entropy) -> Result<Package, PackageError> {
///     package(grant, secret, options, entropy)
/// }
/// ```
pub fn package(
    release: &Release,
    secret: &LinkSecret,
    options: &PackageOptions<'_>,
    entropy: &dyn Entropy,
) -> Result<Package, PackageError> {
    let terms = release.terms().ok_or(PackageError::NotAGrant)?;
    check_passcode(terms, options)?;
    let mut bundle_id = [0; 16];
    entropy.fill(&mut bundle_id)?;
    let input = release.summary_input(bundle_id, options.checkpoint);
    let document = Zeroizing::new(match options.mode {
        LinkMode::Manifest => summary::ips(&input)?,
        LinkMode::Direct => summary::collection(&input)?,
    });
    if document.len() > LONGEST_DOCUMENT {
        return Err(PackageError::TooLarge);
    }
    let compressed = worth_compressing(&document);
    let zip = if compressed.is_some() { r#","zip":"DEF""# } else { "" };
    let header = format!(r#"{{"alg":"dir","enc":"A256GCM","cty":"{FHIR_JSON}"{zip}}}"#);
    let content = compressed.as_ref().unwrap_or(&document);
    if content.len() / 3 * 4 + CREATE_OVERHEAD > MAX_CREATE_BYTES {
        return Err(PackageError::TooLarge);
    }
    let jwe = secret.seal_jwe(&header, content, entropy)?;
    let sizes = Sizes {
        document: document.len(),
        compressed: compressed.as_ref().map(|bytes| bytes.len()),
        jwe: jwe.len(),
    };
    Ok(Package { create: create_link(secret, terms, options, jwe), sizes })
}

fn check_passcode(terms: &Terms, options: &PackageOptions<'_>) -> Result<(), PackageError> {
    match (options.mode, options.passcode) {
        (LinkMode::Direct, given) if given.is_some() || terms.passcode => Err(PackageError::PasscodeOnDirect),
        (_, Some("")) => Err(PackageError::EmptyPasscode),
        (_, Some(_)) if !terms.passcode => Err(PackageError::PasscodeNotAgreed),
        (_, None) if terms.passcode => Err(PackageError::PasscodeMissing),
        _ => Ok(()),
    }
}

fn create_link(secret: &LinkSecret, terms: &Terms, options: &PackageOptions<'_>, jwe: String) -> CreateLink {
    let file = UploadFile {
        content_type: FHIR_JSON.to_owned(),
        fhir_version: Some(FHIR_VERSION.to_owned()),
        last_updated: None,
        jwe,
    };
    CreateLink {
        mode: options.mode,
        management_hash: secret.management_hash_text(),
        view_key: secret.view_public_text(),
        expires: expires(terms),
        max_views: terms.view_limit,
        passcode: options.passcode.map(|passcode| normal_form(passcode).as_str().to_owned()),
        passcode_attempts: options.passcode.map(|_| options.passcode_attempts),
        files: vec![file],
    }
}

/// When a link under `terms` ends, Unix seconds: for the relay and for [`crate::link_text`].
pub fn expires(terms: &Terms) -> u64 {
    u64::try_from(terms.expires_ms / 1000).unwrap_or(0)
}

/// Raw DEFLATE of `document`, where that saves enough.
fn worth_compressing(document: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if document.len() <= ZIP_SAVES_AT_LEAST {
        return None;
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(document).ok()?;
    let compressed = Zeroizing::new(encoder.finish().ok()?);
    let saved = document.len().saturating_sub(compressed.len());
    (saved > ZIP_SAVES_AT_LEAST).then_some(compressed)
}

impl From<CryptoError> for PackageError {
    fn from(_: CryptoError) -> Self {
        Self::Crypto
    }
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").field("sizes", &self.sizes).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PackageOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PackageOptions").field("mode", &self.mode).finish_non_exhaustive()
    }
}
