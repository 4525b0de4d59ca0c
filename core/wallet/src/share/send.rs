//! Agreeing: grant, link secret, pending share and log entry become durable first; then the content is packaged and
//! handed to the relay, as often as it takes.

use kosha_consent::{LedgerEntry, Outcome, Outgoing, ReleaseError, TermsError, release};
use kosha_crypto::id::{GrantId, ItemId};
use kosha_crypto::passcode::normal_form;
use kosha_crypto::{LinkSecret, Secret, Zeroizing};
use kosha_fhir::summary::Checkpoint;
use kosha_share::{PackageError, PackageOptions, RelayClientError, package};
use kosha_vault::Durability;
use kosha_wire::relay::{CreateLink, LinkMode};

use super::gather;
use super::ledger::VaultLedger;
use super::stored::{State, StoredShare};
use super::{ShareMade, ShareOutcome, SharePlan, Waiting, upload};
use crate::relay::Pace;
use crate::{Error, Session, date};

/// Wrong passcodes that a link bears in its life.
const PASSCODE_ATTEMPTS: u32 = 10;
/// Shortest and longest passcode, in characters.
const PASSCODE: std::ops::RangeInclusive<usize> = 4..=64;

impl Session {
    /// Agrees to `plan` and sends it. `passcode` has to be there when the plan asks for one.
    ///
    /// When the relay cannot be reached the share waits and is sent by a later command; the outcome says so. A relay
    /// that refuses is [`Error::RelayRefused`]; nothing is then shared.
    pub fn share(&mut self, plan: SharePlan, passcode: Option<&Secret>) -> Result<ShareOutcome, Error> {
        let passcode = passcode.map(passcode_text).transpose()?;
        let passcode = passcode.as_ref().map(|text| text.as_str());
        if plan.terms.passcode && passcode.is_none() {
            return Err(Error::BadPasscode);
        }
        if !plan.terms.passcode && passcode.is_some() {
            return Err(PackageError::PasscodeNotAgreed.into());
        }
        let relay = self.environment().relay.url.clone();
        self.relay_client(&relay, Pace::Patient).check()?;
        let mode = if plan.direct { LinkMode::Direct } else { LinkMode::Manifest };
        let share = self.record_and_package(plan, &relay, mode, passcode)?;
        let waiting = self.deliver(share.clone(), Attempt::First)?;
        let state = if waiting.is_some() { State::Pending } else { State::Active };
        // Where the relay does not answer now, asking it more would only keep the person waiting.
        if waiting.is_none() {
            self.settle();
        }
        Ok(ShareOutcome {
            share: ShareMade {
                id: share.id.to_string(),
                link: share.link()?,
                expires: date::rfc3339(share.expires_ms()),
                records: share.records,
                state: state.as_str(),
            },
            waiting,
        })
    }

    /// Everything up to the first byte that leaves.
    fn record_and_package(
        &mut self,
        plan: SharePlan,
        relay: &str,
        mode: LinkMode,
        passcode: Option<&str>,
    ) -> Result<StoredShare, Error> {
        let SharePlan { review, mut terms, span_ms, direct, person, mut bodies, .. } = plan;
        let environment = self.environment().clone();
        let entropy = environment.entropy.as_ref();
        let now_ms = environment.now_ms();
        terms.expires_ms = now_ms.saturating_add(span_ms);
        let records = gather::records(self.vault(), review.included(), &mut bodies)?;
        let profile =
            self.profiles()?.into_iter().find(|(id, _)| *id == person).ok_or(Error::NoSuchPerson)?.1;
        let outgoing = Outgoing {
            purpose: terms.purpose.clone(),
            recipient: terms.recipient.clone(),
            records,
            supporting: bodies.supporting,
            patient: gather::patient(self, person, &profile)?,
            held: gather::held(self, person)?,
        };
        let secret = LinkSecret::generate(entropy).map_err(|_| Error::Internal)?;
        let grant_id = GrantId::random(entropy).map_err(|_| Error::Internal)?;
        let grant = review.grant(grant_id, terms, now_ms)?;
        // One name for consent and share, so that the log speaks of one thing.
        let id = ItemId::from_bytes(*grant_id.as_bytes());
        let share = StoredShare::new(id, grant.clone(), &secret, relay, direct);
        share.link()?;
        environment.steps.reached("share-begin");

        let mut tx = self.vault_mut().begin(Durability::Full)?;
        let granted = LedgerEntry::granted(&grant);
        tx.log(granted.at_ms, granted.name(), &granted.detail())?;
        let release = release(VaultLedger { tx, share }, &grant, outgoing, now_ms)?;
        self.keep_anchor();
        environment.steps.reached("share-recorded");

        let share = self.stored_share(id)?;
        let checkpoint = self.vault().checkpoint(now_ms)?;
        let checkpoint = Checkpoint { note: &checkpoint.note, key_fingerprint: &checkpoint.fingerprint };
        let options = PackageOptions {
            mode,
            passcode,
            passcode_attempts: PASSCODE_ATTEMPTS,
            checkpoint: Some(checkpoint),
        };
        match package(&release, &secret, &options, entropy) {
            Ok(package) => {
                drop(release);
                self.keep_upload(id, &package.create)?;
                environment.steps.reached("share-packaged");
                Ok(share)
            }
            Err(error) => {
                self.record_failure(share, "not-packaged")?;
                Err(error.into())
            }
        }
    }

    pub(crate) fn stored_share(&self, id: ItemId) -> Result<StoredShare, Error> {
        StoredShare::all(self.vault())?.into_iter().find(|share| share.id == id).ok_or(Error::NoSuchShare)
    }

    fn keep_upload(&mut self, id: ItemId, create: &CreateLink) -> Result<(), Error> {
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        upload::put(&mut tx, id, create)?;
        Ok(tx.commit()?)
    }

    /// Hands a pending share to its relay. `Some` tells why that is not confirmed yet.
    fn deliver(&mut self, share: StoredShare, attempt: Attempt) -> Result<Option<Waiting>, Error> {
        let Some(create) = upload::get(self.vault(), share.id)? else {
            // It ended before it was packaged; nothing has ever left, and nothing will.
            self.record_failure(share, "interrupted")?;
            return Ok(None);
        };
        let answer = self.relay_client(&share.relay, Pace::Patient).create(&share.secret()?, &create);
        self.reached("share-sent");
        match answer {
            Ok(()) => self.record_delivery(share).map(|()| None),
            Err(error) => match refusal(error) {
                Some((code, refused)) if attempt == Attempt::First || self.surely_dead(&share)? => {
                    self.record_failure(share, code)?;
                    Err(refused)
                }
                _ => Ok(Some(Waiting::unreachable())),
            },
        }
    }

    /// Hands over a share that an earlier command left pending. What became of its upload is not known, so the relay is
    /// asked for the link first.
    pub(crate) fn deliver_again(&mut self, share: StoredShare) -> Result<Option<Waiting>, Error> {
        match self.relay_client(&share.relay, Pace::Hurried).status(&share.secret()?) {
            Ok(_) => self.record_delivery(share).map(|()| None),
            Err(RelayClientError::Transport(_)) => Ok(Some(Waiting::unreachable())),
            Err(_) => match self.deliver(share, Attempt::Again) {
                Err(Error::RelayRefused { .. } | Error::UploadTokenNeeded) => Ok(None),
                outcome => outcome,
            },
        }
    }

    /// Ends the link of a share that may have arrived earlier and is refused now. True only by the relay's confirmation:
    /// any refusal, "not yours" too, may come from something between here and the relay.
    fn surely_dead(&self, share: &StoredShare) -> Result<bool, Error> {
        Ok(self.relay_client(&share.relay, Pace::Hurried).revoke(&share.secret()?).is_ok())
    }

    fn record_delivery(&mut self, mut share: StoredShare) -> Result<(), Error> {
        share.state = State::Active;
        self.record_end(&share, Outcome::Delivered)?;
        self.reached("share-confirmed");
        Ok(())
    }

    /// A pending share whose time is over: it is not sent any more, and what was to be uploaded goes.
    pub(crate) fn record_expiry(&mut self, mut share: StoredShare) -> Result<(), Error> {
        share.state = State::Expired;
        self.record_end(&share, Outcome::Failed { reason: "expired" })
    }

    fn record_failure(&mut self, mut share: StoredShare, reason: &'static str) -> Result<(), Error> {
        share.state = State::Failed;
        self.record_end(&share, Outcome::Failed { reason })
    }

    /// The second entry: delivered or failed. What was to be uploaded is no longer needed.
    fn record_end(&mut self, share: &StoredShare, outcome: Outcome) -> Result<(), Error> {
        let now_ms = self.environment().now_ms();
        let parts = upload::parts(self.vault(), share.id);
        let entry = LedgerEntry::ended(Some(share.grant.id()), share.grant.releases(), outcome, now_ms);
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        share.put(&mut tx)?;
        upload::remove(&mut tx, &parts)?;
        tx.log(entry.at_ms, entry.name(), &entry.detail())?;
        tx.commit()?;
        self.keep_anchor();
        Ok(())
    }
}

/// Whether the relay can have the link already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    Again,
}

impl Waiting {
    fn unreachable() -> Self {
        Self { code: Error::RelayUnreachable.code(), message: Error::RelayUnreachable.to_string() }
    }
}

/// The passcode in the form in which it is sent and measured.
fn passcode_text(passcode: &Secret) -> Result<Zeroizing<String>, Error> {
    let text = normal_form(std::str::from_utf8(passcode.expose()).map_err(|_| Error::BadPasscode)?);
    if PASSCODE.contains(&text.chars().count()) { Ok(text) } else { Err(Error::BadPasscode) }
}

/// Answers that will not change by asking again: a code for the log and the error. `None`: ask again later.
fn refusal(error: RelayClientError) -> Option<(&'static str, Error)> {
    let (code, reason) = match error {
        RelayClientError::UploadTokenNeeded => return Some(("token-needed", Error::UploadTokenNeeded)),
        RelayClientError::Address(_) => ("bad-address", "its address cannot be used."),
        RelayClientError::NotYours | RelayClientError::Conflict => ("conflict", "the link is taken."),
        RelayClientError::TooLarge => ("too-large", "it is more than the relay takes. Choose fewer records."),
        RelayClientError::Refused => ("refused", "the relay does not understand it."),
        _ => return None,
    };
    Some((code, Error::RelayRefused { detail: code, reason }))
}

impl From<TermsError> for Error {
    fn from(error: TermsError) -> Self {
        let (detail, reason) = match error {
            TermsError::NoPurpose => ("no-purpose", "say what it is for."),
            TermsError::TextTooLong => {
                ("text-too-long", "purpose and recipient may each be up to 200 characters long.")
            }
            TermsError::AlreadyExpired => ("already-over", "it would have ended before it began."),
            TermsError::ZeroLimit => ("no-view", "a limit must allow at least one view."),
        };
        Self::NotPermitted { detail, reason }
    }
}

impl From<ReleaseError<Error>> for Error {
    fn from(error: ReleaseError<Error>) -> Self {
        match error {
            ReleaseError::Ledger(error) => error,
            ReleaseError::Nothing => Self::NothingToShare,
            ReleaseError::Grant(_) => {
                Self::NotPermitted { detail: "consent", reason: "the consent does not allow it." }
            }
            ReleaseError::OutOfScope(_) => Self::NotPermitted {
                detail: "not-agreed",
                reason: "a record is not part of what was agreed to.",
            },
            ReleaseError::NotAsReviewed | ReleaseError::SupportingType => Self::Damaged,
        }
    }
}

impl From<PackageError> for Error {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::TooLarge | PackageError::Summary(_) => Self::TooLarge,
            PackageError::PasscodeMissing | PackageError::EmptyPasscode => Self::BadPasscode,
            PackageError::PasscodeNotAgreed => {
                Self::NotPermitted { detail: "passcode", reason: "it was agreed to without a passcode." }
            }
            PackageError::PasscodeOnDirect => Self::DirectWithPasscode,
            PackageError::NotAGrant | PackageError::Crypto => Self::Internal,
        }
    }
}
