//! Keys and envelopes of Kosha: the only place that holds key bytes.
//!
//! No I/O: randomness ([`Entropy`]) and the platform's keystore ([`DeviceKeystore`]) are passed in. Key handles show no
//! bytes, print none, and wipe themselves when dropped. ring's own key objects cannot be wiped, so one is built for each
//! operation. `docs/formats.md` gives every format byte by byte; the files under `tests/known-answers` freeze them.
//!
//! # Key hierarchy
//!
//! ```text
//! passphrase ── Argon2id ─┐
//! 24 words ──────── HKDF ─┤
//! keystore key ── opens ──┴─ slot secret ── HKDF ── X25519 private half ── HPKE ── RootKey (VRK), random
//!                                                                                    │ HKDF "kosha/v1/root/wrap"
//!                     ┌──────────────────────────────────────────────────────────────┤ wraps
//!                     VaultKeys, one per vault                                       PersonKeys, one set per person
//!                     ├ ItemKey      seals items                                     ├ HeaderKey  seals record headers
//!                     ├ StateKey     seals the state, keys the set hash              └ Epochs     wrap RecordKeys
//!                     └ Epochs       wrap AttachmentKeys, RecordKeys of documents                  └ body, text
//!                                    and log entries, and the LogSigner
//! ```
//!
//! Every key below the root is random, so replacing one never forces another to change:
//!
//! | to replace | do |
//! | --- | --- |
//! | the root key | [`RootKey::generate`]; [`VaultKeys::wrap`] and each [`PersonKeys::wrap`] again; [`Slot::reseal`] each slot |
//! | one person's epoch | [`Epochs::roll`]; store the set; [`Epochs::rewrap`] each record key; [`Epochs::retire_older`]; store the set |
//! | one person's keys, after a deletion | [`PersonKeys::generate`]; seal each header again; [`Epochs::rewrap`] each record key from the old set |
//! | the vault's keys, after a deletion | [`VaultKeys::generate`]; seal items and state again; set hash anew; rewrap attachment, document and log entry keys; [`LogSigner::wrap`] |
//! | a device key | [`Slot::for_device`] with another label, drop the old slot, [`DeviceKeystore::delete`] the old label |
//!
//! A deletion does all of it in one transaction. Bodies, texts and attachment files are never sealed again: an epoch is
//! not in their associated data.
//!
//! # What seals what
//!
//! | thing | function | place, field | shape |
//! | --- | --- | --- | --- |
//! | record: key, header, body, text | [`PersonKeys::seal_record`] | [`Place::record`]: key, header, body, text | wrapped, keyed, plain, plain |
//! | record header alone | [`HeaderKey::seal`], [`HeaderKey::open_into`] | [`Place::record`], header | keyed |
//! | record key alone | [`Epochs::wrap_record`], [`Epochs::unwrap_record`], [`Epochs::rewrap`] | [`Place::record`], key | wrapped |
//! | record body, text | [`RecordKey::seal`], [`RecordKey::open_into`] | [`Place::record`], body or text | plain |
//! | document: key, description, skeleton | [`Epochs::wrap_record`], [`RecordKey::seal`] | [`Place::document`]: key, header, body | wrapped, plain |
//! | log entry: key, salt and text | [`Epochs::wrap_record`], [`RecordKey::seal`] | [`Place::log_entry`]: key, body | wrapped, plain |
//! | attachment: key, content | [`Epochs::wrap_attachment`], [`StreamSealer`] | [`Place::attachment`]: key, body | wrapped, stream |
//! | item | [`ItemKey::seal`] | [`Place::item`], body | plain |
//! | state | [`StateKey::seal`] | [`Place::state`], body | plain |
//! | snapshot of what is in memory | [`StateKey::snapshot`], [`StreamSealer`] | [`Place::snapshot`], body | stream |
//! | key sets | [`PersonKeys::wrap`], [`VaultKeys::wrap`] | key | keyed, plain |
//! | log signing key | [`LogSigner::wrap`] | key | wrapped |
//!
//! Shapes (version and algorithm are 1 and 1: AES-256-GCM):
//!
//! ```text
//! plain    ver 1 | alg 1 | nonce 12 | ciphertext of padded plaintext | tag 16
//! keyed    ver 1 | alg 1 | key id 16 | nonce 12 | ciphertext of padded plaintext | tag 16
//! wrapped  ver 1 | alg 1 | epoch id 16 | nonce 12 | ciphertext of the 32-byte key | tag 16        (78 bytes)
//! stream   ver 1 | alg 1 | salt 16 | chunks                                                       (module `stream`)
//! padded   length of the plaintext, 4 bytes big-endian | plaintext | zeros up to padme(4 + length)
//! ```
//!
//! # Associated data
//!
//! One layout of [`AAD_LEN`] = 86 bytes for everything inside a vault, built by [`Place`]; what does not apply is zero. The
//! person is in none of it.
//!
//! ```text
//!  0  10  "kosha/aad1"
//! 10   1  version of the envelope, 1
//! 11   1  algorithm, 1
//! 12   1  thing: 1 record, 2 document, 3 attachment, 4 log entry, 5 item, 6 state, 7 person's keys, 8 vault's keys, 9 log signer,
//!        10 snapshot
//! 13   1  field: 1 key, 2 header, 3 body, 4 text
//! 14  16  vault id
//! 30  16  id of the record, document, attachment or item; number of the snapshot in the last byte; else zero
//! 46  16  writer: of the record's version, of the log; else zero
//! 62   8  big-endian: the version's counter, the log entry's index, the item's kind, the state's sequence; else zero
//! 70  16  key id of a keyed envelope, epoch id of a wrapped key; else zero
//! ```
//!
//! Outside of the vault: a slot's seals bind the slot's header (module [`slot`]); a view record binds the SHA-256 of its
//! link's id ([`link::seal_view`]); a JWE binds its protected header (RFC 7516).
//!
//! # Nonces
//!
//! Random 96-bit nonces everywhere but in streams, where they count. A record key seals two fields at most. Header, item,
//! epoch and state keys may seal 2^32 messages each by SP 800-38D, section 8.3; a vault that re-wraps 10,000 records a
//! thousand times uses 10^7.

pub mod anchor;
pub mod backup;
pub mod digest;
pub mod emergency;
pub mod envelope;
pub mod hpke;
pub mod id;
pub mod jwe;
pub mod link;
pub mod log;
pub mod merkle;
pub mod passcode;
pub mod phrase;
pub mod slot;
pub mod stream;
pub mod ticket;
pub mod token;

mod aead;
mod entropy;
mod error;
mod join;
mod key;
mod key_set;
mod keys;
mod keystore;
mod mac;
mod padding;
mod place;
mod set_hash;
mod text;

#[cfg(test)]
mod vectors;

pub use anchor::{Anchor, AnchorError};
pub use backup::{BackupKey, SegmentKey};
pub use entropy::{Entropy, SystemEntropy};
pub use envelope::WRAPPED_KEY_LEN;
pub use error::{CryptoError, KeystoreError, SlotError};
pub use id::{
    AttachmentId, BackupId, DocumentId, EpochId, GrantId, HeaderKeyId, IdError, ItemId, PersonId, RecordId,
    ShareId, SlotId, VaultId, Version, WriterId,
};
pub use key_set::{EpochKey, Epochs, MAX_EPOCHS, PersonKeys, SealedRecord, VaultKeys};
pub use keys::{AttachmentKey, HeaderKey, HeaderOpener, ItemKey, RecordKey, RootKey, StateKey};
pub use keystore::{Availability, DeviceKeystore, Secret};
pub use link::{LinkKey, LinkSecret};
pub use log::{LogKey, LogSigner};
pub use padding::padme;
pub use passcode::PasscodeHash;
pub use phrase::{PhraseError, RecoveryPhrase};
pub use place::{AAD_LEN, Field, Place};
pub use set_hash::{RowHash, RowHasher, SetHash};
pub use slot::{KdfStrength, Slot, SlotKind};
pub use stream::{StreamOpener, StreamSealer};
pub use ticket::TicketKey;
pub use token::Token;
pub use zeroize::Zeroizing;
