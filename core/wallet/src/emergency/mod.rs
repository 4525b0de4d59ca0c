//! The emergency card: a few chosen facts that whoever finds the owner can read on the locked device.
//!
//! Off until it is switched on, and it shows chosen fields only. It is a sealed file of its own beside the vault, under a key
//! of the device's keystore that asks for no user; switching it off removes both. It is made anew after every change that
//! could touch it, and at unlock.

mod blood_group;
pub(crate) mod facts;

use std::collections::BTreeSet;
use std::path::Path;

use kosha_crypto::emergency::{self, EmergencyFile};
use kosha_crypto::id::{ItemId, PersonId};
use kosha_crypto::{Availability, DeviceKeystore, SlotError};
use kosha_fhir::{Language, Standing};
use kosha_vault::{Durability, Entry};
use serde::{Deserialize, Serialize};

use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::person::Profile;
use crate::words::WORDS;
use crate::{Environment, Error, LockedWallet, Session, date, items};

/// Name of the file, and of the same before it is whole.
const FILE: &str = "emergency";
const TEMPORARY: &str = "emergency.tmp";
/// Most facts in one field.
const MOST_FACTS: usize = 40;
/// Longest contact text, in characters.
const LONGEST_CONTACT: usize = 200;

/// What an emergency card may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardField {
    /// The name.
    Name,
    /// The year of birth.
    BirthYear,
    /// Blood group.
    BloodGroup,
    /// Allergies.
    Allergies,
    /// Conditions.
    Conditions,
    /// Medicines.
    Medicines,
    /// Whom to call, in the owner's own words.
    Contact,
}

impl CardField {
    /// All of them, in the order of the card.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::BirthYear,
        Self::BloodGroup,
        Self::Allergies,
        Self::Conditions,
        Self::Medicines,
        Self::Contact,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::BirthYear => "birth-year",
            Self::BloodGroup => "blood-group",
            Self::Allergies => "allergies",
            Self::Conditions => "conditions",
            Self::Medicines => "medicines",
            Self::Contact => "contact",
        }
    }
}

impl std::str::FromStr for CardField {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|field| field.as_str() == text).ok_or(Error::BadField)
    }
}

/// What the owner wishes to have on the card.
#[derive(Clone, Default)]
pub struct CardWish {
    /// Fields to show; at least one.
    pub fields: Vec<CardField>,
    /// Whose card: id, the beginning of one, or name. The owner's where nobody is named.
    pub person: Option<String>,
    /// Whom to call. Needed with [`CardField::Contact`].
    pub contact: Option<String>,
}

/// An emergency card. A field that was not chosen is absent; an empty list means that this wallet holds nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyCard {
    v: u8,
    /// When it was last made, RFC 3339.
    pub made: String,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Year of birth.
    #[serde(default, rename = "birthYear", skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<String>,
    /// Blood group, as each record says it.
    #[serde(default, rename = "bloodGroup", skip_serializing_if = "Option::is_none")]
    pub blood_group: Option<Vec<CardFact>>,
    /// Allergies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergies: Option<Vec<CardFact>>,
    /// Conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<CardFact>>,
    /// Medicines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medicines: Option<Vec<CardFact>>,
    /// What somebody has ordered not to take; on the card with the medicines.
    #[serde(default, rename = "notToBeTaken", skip_serializing_if = "Vec::is_empty")]
    pub not_to_be_taken: Vec<CardFact>,
    /// Whom to call, in the owner's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How many facts did not fit.
    #[serde(default, rename = "leftOut", skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

/// One fact of the card.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardFact {
    /// What it is; whatever is not certain says so here.
    pub text: String,
    /// When, as exactly as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What speaks against it or has to be known with it, one sentence each: another record rules it out, an allergy
    /// to it is on file, its end has passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl EmergencyCard {
    /// What has to be read with the card, one sentence each.
    pub fn notices(language: Language) -> [&'static str; 2] {
        ["card-unchecked", "card-absent"].map(|id| WORDS.text(language, id))
    }
}

/// Whether there is a card, and what is on it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CardShown {
    /// Whether the card is switched on.
    pub on: bool,
    /// The card.
    pub card: Option<EmergencyCard>,
    /// What has to be read with it.
    pub notices: Vec<&'static str>,
}

/// The choice, as the vault keeps it.
#[derive(Clone, Serialize, Deserialize)]
struct Chosen {
    v: u8,
    fields: BTreeSet<CardField>,
    person: String,
    contact: Option<String>,
    /// Of a vault that was restored elsewhere the card has to be switched on again.
    instance: String,
    label: String,
}

fn keystore(environment: &Environment) -> Result<&dyn DeviceKeystore, Error> {
    let keystore = environment.keystore.as_deref().ok_or(Error::NoKeystore)?;
    match keystore.availability() {
        Availability::Hardware | Availability::Software => Ok(keystore),
        Availability::NeedsScreenLock | Availability::None => Err(Error::NoKeystore),
    }
}

fn slot_error(error: SlotError) -> Error {
    match error {
        SlotError::Keystore(_) | SlotError::WrongKey => Error::Keystore,
        SlotError::Unsupported => Error::NewerVault,
        SlotError::Damaged => Error::Damaged,
        _ => Error::Internal,
    }
}

fn io(error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::Io,
    }
}

/// The card in the folder of a vault. [`Error::NoEmergencyCard`] when there is none.
pub(crate) fn read(dir: &Path, environment: &Environment) -> Result<EmergencyCard, Error> {
    let bytes = match std::fs::read(dir.join(FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NoEmergencyCard),
        Err(error) => return Err(io(&error)),
    };
    let file = EmergencyFile::read(&bytes).map_err(slot_error)?;
    // What a keystore says that asks all the same.
    let prompt = WORDS.text(environment.language, "prompt-card");
    let content = file.open(keystore(environment)?, prompt).map_err(slot_error)?;
    let card: EmergencyCard = serde_json::from_slice(&content).map_err(|_| Error::Damaged)?;
    if card.v == 1 { Ok(card) } else { Err(Error::NewerVault) }
}

impl LockedWallet {
    /// The emergency card, without unlocking. [`Error::NoEmergencyCard`] when there is none, [`Error::NoKeystore`] on a
    /// device that could not have made one.
    pub fn emergency_card(&self) -> Result<EmergencyCard, Error> {
        read(self.dir(), self.environment())
    }
}

impl Session {
    /// Switches the card on, or changes what is on it.
    ///
    /// Errors: [`Error::NoKeystore`] where the environment brings none, [`Error::NothingChosen`] without a field,
    /// [`Error::BadContact`], [`Error::NoSuchPerson`].
    pub fn switch_emergency_card_on(&mut self, wish: &CardWish) -> Result<CardShown, Error> {
        keystore(self.environment())?;
        let fields: BTreeSet<CardField> = wish.fields.iter().copied().collect();
        if fields.is_empty() {
            return Err(Error::NothingChosen);
        }
        let contact = wish.contact.as_deref().map(kosha_fhir::clean).filter(|text| !text.is_empty());
        let long = wish.contact.as_deref().is_some_and(|text| text.chars().count() > LONGEST_CONTACT);
        if long || contact.is_some() != fields.contains(&CardField::Contact) {
            return Err(Error::BadContact);
        }
        let person = match &wish.person {
            Some(text) => self.person_called(text)?,
            None => self.owner()?.ok_or(Error::NoSuchPerson)?,
        };
        let before = self.chosen_card()?;
        let now_ms = self.environment().now_ms();
        let chosen = Chosen {
            v: 1,
            fields,
            person: person.to_string(),
            contact,
            instance: self.instance_text()?,
            label: format!("kosha-emergency-{}", self.vault().id()),
        };
        let bytes = serde_json::to_vec(&chosen).map_err(|_| Error::Internal)?;
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        let item = before.map_or_else(|| tx.new_item_id(), |(item, _)| Ok(item))?;
        tx.put_item(items::EMERGENCY, item, &bytes)?;
        tx.log(now_ms, "emergency-card-on", &words(&chosen.fields))?;
        tx.commit()?;
        self.refresh_emergency_card()?;
        self.emergency_card()
    }

    /// Switches the card off: its file and its key are gone. No error when it is off.
    pub fn switch_emergency_card_off(&mut self) -> Result<CardShown, Error> {
        if let Some((item, chosen)) = self.chosen_card()? {
            let now_ms = self.environment().now_ms();
            let mut tx = self.vault_mut().begin(Durability::Full)?;
            tx.remove_item(items::EMERGENCY, item)?;
            tx.log(now_ms, "emergency-card-off", "")?;
            tx.commit()?;
            self.remove_card(Some(&chosen.label))?;
        } else {
            self.remove_card(None)?;
        }
        Ok(CardShown { on: false, card: None, notices: Vec::new() })
    }

    /// The card as it stands on this device.
    pub fn emergency_card(&self) -> Result<CardShown, Error> {
        let chosen = self.chosen_card()?.map(|(_, chosen)| chosen);
        let instance = self.instance_text()?;
        if chosen.is_none_or(|chosen| chosen.instance != instance) {
            return Ok(CardShown { on: false, card: None, notices: Vec::new() });
        }
        let card = read(self.vault().place(), self.environment())?;
        Ok(CardShown {
            on: true,
            card: Some(card),
            notices: EmergencyCard::notices(self.language()).to_vec(),
        })
    }

    /// Makes the card anew where its facts have changed, and removes what is left of one that was switched off. Called
    /// after every change that may touch it; a shell need not. Nothing happens without a keystore.
    pub fn refresh_emergency_card(&mut self) -> Result<(), Error> {
        let environment = self.environment().clone();
        let Ok(keystore) = keystore(&environment) else { return Ok(()) };
        // Not from records that may not be the ones that were left here.
        if self.is_replaced() {
            return Ok(());
        }
        let chosen = match self.chosen_card()? {
            Some((_, chosen)) if chosen.instance == self.instance_text()? => chosen,
            Some(_) | None => return self.remove_card(None),
        };
        let mut card = self.make_card(&chosen)?;
        let before = read(self.vault().place(), &environment).ok();
        if let Some(before) = before {
            card.made.clone_from(&before.made);
            if before == card {
                return Ok(());
            }
        }
        card.made = date::rfc3339(environment.now_ms());
        let content = serde_json::to_vec(&card).map_err(|_| Error::Internal)?;
        let content = kosha_crypto::Zeroizing::new(content);
        let vault = self.vault().id();
        let sealed = emergency::seal(keystore, &chosen.label, vault, &content, environment.entropy.as_ref())
            .map_err(slot_error)?;
        write(self.vault().place(), &sealed).map_err(|error| io(&error))
    }

    /// Removes the file, and the key under `label` or the one that the file names.
    fn remove_card(&self, label: Option<&str>) -> Result<(), Error> {
        let path = self.vault().place().join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(io(&error)),
        };
        if let Ok(keystore) = keystore(self.environment()) {
            let named = bytes.as_deref().and_then(|bytes| EmergencyFile::read(bytes).ok());
            let own = named.filter(|file| file.vault() == self.vault().id());
            // The key first: without it the file is worth nothing.
            for label in label.into_iter().chain(own.as_ref().map(EmergencyFile::label)) {
                keystore.delete(label).map_err(|_| Error::Keystore)?;
            }
        }
        if bytes.is_some() {
            std::fs::remove_file(&path).map_err(|error| io(&error))?;
        }
        Ok(())
    }

    fn instance_text(&self) -> Result<String, Error> {
        Ok(ItemId::from_bytes(self.vault().instance()?).to_string())
    }

    pub(crate) fn owner(&self) -> Result<Option<PersonId>, Error> {
        Ok(self.persons()?.persons.first().and_then(|person| person.id.parse().ok()))
    }

    fn chosen_card(&self) -> Result<Option<(ItemId, Chosen)>, Error> {
        match self.vault().items(items::EMERGENCY)?.into_iter().next() {
            Some((item, bytes)) => {
                let chosen: Chosen = serde_json::from_slice(&bytes).map_err(|_| Error::Damaged)?;
                if chosen.v == 1 { Ok(Some((item, chosen))) } else { Err(Error::NewerVault) }
            }
            None => Ok(None),
        }
    }

    /// The card of a person with all that can be on it, whether or not one is switched on.
    pub(crate) fn emergency_card_of(&self, person: PersonId) -> Result<EmergencyCard, Error> {
        let circle = self.circle()?;
        let own = |chosen: &Chosen| {
            chosen.person.parse().is_ok_and(|chosen: PersonId| circle.one(chosen) == circle.one(person))
        };
        let contact = self.chosen_card()?.and_then(|(_, chosen)| Some(chosen).filter(own)?.contact);
        let card = self.make_card(&Chosen {
            v: 1,
            fields: CardField::ALL.into_iter().collect(),
            person: person.to_string(),
            contact,
            instance: String::new(),
            label: String::new(),
        })?;
        Ok(EmergencyCard { made: date::rfc3339(self.environment().now_ms()), ..card })
    }

    fn make_card(&self, chosen: &Chosen) -> Result<EmergencyCard, Error> {
        let profiles = self.profiles()?;
        let circle = Circle::of(&profiles);
        let person: PersonId = chosen.person.parse().map_err(|_| Error::Damaged)?;
        let person = circle.one(person);
        let profile = profiles.iter().find(|(id, _)| *id == person).map(|(_, profile)| profile.clone());
        let profile: Profile = profile.unwrap_or_default();
        let mut card = EmergencyCard {
            v: 1,
            made: String::new(),
            name: None,
            birth_year: None,
            blood_group: None,
            allergies: None,
            conditions: None,
            medicines: None,
            not_to_be_taken: Vec::new(),
            contact: None,
            left_out: 0,
        };
        for field in &chosen.fields {
            match field {
                CardField::Name => card.name = Some(profile.name.clone()),
                CardField::BirthYear => {
                    card.birth_year =
                        profile.birth_date.as_deref().and_then(|date| date.get(..4)).map(Into::into);
                }
                CardField::Contact => card.contact.clone_from(&chosen.contact),
                CardField::BloodGroup => {
                    card.blood_group = Some(self.blood_groups(person, &mut card.left_out)?);
                }
                CardField::Allergies => {
                    card.allergies = Some(self.allergy_facts(person, &mut card.left_out)?);
                }
                CardField::Conditions => {
                    card.conditions = Some(self.condition_facts(person, &mut card.left_out)?);
                }
                CardField::Medicines => {
                    let found = self.medicine_facts(person, &mut card.left_out)?;
                    card.medicines = Some(found.taken);
                    card.not_to_be_taken = found.not_to_be_taken;
                }
            }
        }
        Ok(card)
    }
}

/// Only what its source states, or suspects and says so, is ever on the card.
fn is_fact(entry: Entry<'_>) -> bool {
    matches!(Standing::from_u8(entry.standing()), Some(Standing::Fact | Standing::Unconfirmed))
}

fn words(fields: &BTreeSet<CardField>) -> String {
    fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ")
}

/// Whole or not at all, also over a power cut.
fn write(dir: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let temporary = dir.join(TEMPORARY);
    let mut file = std::fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, dir.join(FILE))?;
    std::fs::File::open(dir)?.sync_all()
}

hidden_debug!(CardWish, EmergencyCard, CardFact, CardShown);
