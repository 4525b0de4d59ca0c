//! What a share would hold, for the person to look at before agreeing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kosha_consent::{Candidate, LeftOut, Scope, Terms, review};
use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::{Card, Kind, Language, Sensitivity};
use kosha_wire::relay::MAX_LINK_VIEWS;
use serde::Serialize;

use super::gather::{self, Bodies};
use crate::views::words::day;
use crate::words::{WORDS, of_code};
use crate::{Error, Session, date, timeline};

/// What is wished to be shared. At least one of `all`, `kinds`, `records`, `from`, `to` has to be said.
#[derive(Clone, Default)]
pub struct ShareWish {
    /// Everything of the person.
    pub all: bool,
    /// Only these kinds.
    pub kinds: Vec<String>,
    /// Only these records: ids or the beginnings of some.
    pub records: Vec<String>,
    /// From this year, month or day.
    pub from: Option<String>,
    /// To the end of this year, month or day.
    pub to: Option<String>,
    /// Whose: id, the beginning of one, or name. Needed when there are several persons and no record is named.
    pub person: Option<String>,
    /// What it is for.
    pub purpose: String,
    /// For whom.
    pub recipient: Option<String>,
    /// For how long: `15m`, `6h`, `1d`, `2w`.
    pub expires: String,
    /// Whether a passcode is to be asked for.
    pub passcode: bool,
    /// How often it may be opened.
    pub views: Option<u32>,
    /// A link to the one file itself (flag `U`).
    pub direct: bool,
    /// Sensitive kinds to take in: `hiv`, `mental`, `sexual`, `substance`.
    pub sensitive: Vec<String>,
}

/// A share that is ready to be agreed to. Nothing has been recorded and nothing has left.
pub struct SharePlan {
    pub(super) review: kosha_consent::Review,
    pub(super) terms: Terms,
    pub(super) span_ms: i64,
    pub(super) direct: bool,
    pub(super) person: PersonId,
    pub(super) bodies: Bodies,
    shown: Review,
}

/// What will be seen, in words.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Whose records.
    pub person: String,
    /// What of the person goes along.
    pub patient_fields: Vec<&'static str>,
    /// The records by kind, in the order in which a doctor reads.
    pub groups: Vec<Group>,
    /// Files, sections and contained resources inside the records, named.
    pub notices: Vec<String>,
    /// What stays here, and why.
    pub left_out: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// For whom.
    pub recipient: Option<String>,
    /// When it ends, RFC 3339.
    pub expires: String,
    /// How often it may be opened.
    pub views: Option<u32>,
    /// Whether a passcode is asked for.
    pub passcode: bool,
}

/// The records of one kind.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Kind, e.g. `medicine`.
    pub kind: &'static str,
    /// The same in words of the session's language.
    #[serde(rename = "kindText")]
    pub kind_text: &'static str,
    /// Title and date of each.
    pub titles: Vec<String>,
}

impl SharePlan {
    /// What will be seen.
    pub fn review(&self) -> &Review {
        &self.shown
    }
}

impl Session {
    /// Works out what `wish` means, record by record. Changes nothing.
    pub fn plan_share(&self, wish: &ShareWish) -> Result<SharePlan, Error> {
        if wish.direct && wish.passcode {
            return Err(Error::DirectWithPasscode);
        }
        if wish.views.is_some_and(|views| !(1..=MAX_LINK_VIEWS).contains(&views)) {
            return Err(Error::BadViews);
        }
        let span_ms = date::span(&wish.expires)?;
        let scope = self.scope_of(wish)?;
        let person = scope.person;
        let candidates = gather::candidates(self, person)?;
        let first = review(&scope, &candidates);
        if first.included().is_empty() {
            return Err(Error::NothingToShare);
        }
        let (candidates, large) = without_large(candidates);
        let large: Vec<Candidate> = large
            .into_iter()
            .filter(|large| first.included().iter().any(|candidate| candidate.record == large.record))
            .collect();
        let named =
            |large: &Candidate| scope.records.as_ref().is_some_and(|records| records.contains(&large.record));
        if large.iter().any(named) || large.len() == first.included().len() {
            return Err(Error::TooLarge);
        }
        let first = review(&scope, &candidates);
        let wanted: BTreeSet<RecordId> = first.included().iter().map(|candidate| candidate.record).collect();
        let bodies = gather::bodies(self, &wanted)?;
        let candidates: Vec<Candidate> =
            candidates.into_iter().map(|candidate| with_inside(candidate, &bodies)).collect();
        let review = review(&scope, &candidates);
        let now_ms = self.environment().now_ms();
        let terms = Terms {
            recipient: wish.recipient.clone(),
            view_limit: wish.views,
            passcode: wish.passcode,
            ..Terms::once(&wish.purpose, now_ms.saturating_add(span_ms))
        };
        let profiles = self.profiles()?;
        let name = profiles.iter().find(|(id, _)| *id == person).map(|(_, profile)| profile.name.clone());
        let records: Vec<RecordId> = review.included().iter().map(|candidate| candidate.record).collect();
        let said = Said { language: self.language(), spoken: self.spoken(&records) };
        let mut shown = Review::of(&review, &terms, name.unwrap_or_default(), &said);
        shown.left_out.extend(large.iter().map(|large| too_large(large, said.language)));
        Ok(SharePlan { review, terms, span_ms, direct: wish.direct, person, bodies, shown })
    }

    fn scope_of(&self, wish: &ShareWish) -> Result<Scope, Error> {
        let kinds: BTreeSet<Kind> = wish
            .kinds
            .iter()
            .map(|word| word.parse::<Kind>().map_err(|_| Error::BadKind))
            .collect::<Result<_, _>>()?;
        let records: BTreeSet<RecordId> =
            wish.records.iter().map(|text| self.record_meant(text)).collect::<Result<_, _>>()?;
        let (from_ms, to_ms) = timeline::bounds(wish.from.as_deref(), wish.to.as_deref())?;
        if !wish.all && kinds.is_empty() && records.is_empty() && from_ms.is_none() && to_ms.is_none() {
            return Err(Error::NothingChosen);
        }
        let mut sensitive = Sensitivity::NONE;
        for word in &wish.sensitive {
            sensitive |= Sensitivity::from_name(word).ok_or(Error::BadSensitive)?;
        }
        let mut scope = Scope::of(self.person_of(wish, &records)?);
        scope.kinds = (!kinds.is_empty()).then_some(kinds);
        scope.records = (!records.is_empty()).then_some(records);
        scope.from_ms = from_ms;
        scope.to_ms = to_ms;
        scope.sensitive = sensitive;
        Ok(scope)
    }

    /// One share never holds two persons.
    fn person_of(&self, wish: &ShareWish, records: &BTreeSet<RecordId>) -> Result<PersonId, Error> {
        let circle = self.circle()?;
        let mut owners: BTreeSet<PersonId> = records
            .iter()
            .filter_map(|record| self.vault().index().get(*record))
            .map(|entry| circle.one(entry.person()))
            .collect();
        if let Some(text) = &wish.person {
            owners.insert(self.person_called(text)?);
        }
        let mut owners = owners.into_iter();
        match (owners.next(), owners.next()) {
            (Some(person), None) => return Ok(person),
            (Some(_), Some(_)) => return Err(Error::SeveralPersons),
            (None, _) => {}
        }
        match circle.ones() {
            [] => Err(Error::NothingToShare),
            [person] => Ok(*person),
            _ => Err(Error::PersonNeeded),
        }
    }
}

/// Largest sum of files in one record that a link can carry, as base64 inside the document.
const MOST_FILES: u64 = kosha_share::LONGEST_DOCUMENT as u64 / 4 * 3;

/// Apart: the records whose files alone are more than a link can carry. Their bodies are not even read.
fn without_large(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    let size = |candidate: &Candidate| candidate.attachments.iter().map(|file| file.length).sum::<u64>();
    candidates.into_iter().partition(|candidate| size(candidate) <= MOST_FILES)
}

fn too_large(candidate: &Candidate, language: Language) -> String {
    let most = language.count(MOST_FILES / 1_000_000);
    WORDS.say(language, "review-tooLarge", &[("title", &candidate.title), ("most", &most)])
}

/// The words of a review: its language, and the cards of the records in it.
struct Said {
    language: Language,
    /// None in English: then the kept titles stand.
    spoken: HashMap<RecordId, Card>,
}

impl Said {
    /// A record's title, with its date.
    fn dated(&self, candidate: &Candidate) -> String {
        let title = self.spoken.get(&candidate.record).map_or(&candidate.title, |card| &card.title);
        let exact = candidate.date_text.get(..10).unwrap_or(&candidate.date_text);
        let english = self.language == Language::English;
        let date = if english { exact.to_owned() } else { day(self.language, exact) };
        if date.is_empty() {
            return title.clone();
        }
        WORDS.say(self.language, "review-dated", &[("title", title), ("date", &date)])
    }

    /// Something inside records, named by record.
    fn inside(&self, id: &str, named: Vec<kosha_consent::Named>) -> Vec<String> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in named {
            let title = self.spoken.get(&one.record).map_or(one.title, |card| card.title.clone());
            names.entry(title).or_default().push(one.name);
        }
        let say = |(title, names): (String, Vec<String>)| {
            WORDS.say(self.language, id, &[("title", &title), ("names", &names.join("; "))])
        };
        names.into_iter().map(say).collect()
    }

    fn left_out(&self, reason: LeftOut, count: u32) -> String {
        let n = self.language.count(u64::from(count));
        WORDS.say(self.language, &format!("shareLeft-{}", reason.as_str()), &[("n", &n)])
    }
}

fn with_inside(mut candidate: Candidate, bodies: &Bodies) -> Candidate {
    if let Some(loaded) = bodies.records.get(&candidate.record) {
        let inside = kosha_fhir::summary::inside(&loaded.bytes);
        candidate.sections = inside.sections;
        candidate.contained = inside.contained;
    }
    candidate
}

impl Review {
    fn of(review: &kosha_consent::Review, terms: &Terms, person: String, said: &Said) -> Self {
        let language = said.language;
        let mut groups: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
        for candidate in review.included() {
            groups.entry(candidate.kind).or_default().push(said.dated(candidate));
        }
        let mut notices = said.inside("review-files", review.files());
        notices.extend(said.inside("review-sections", review.sections()));
        notices.extend(said.inside("review-contained", review.contained()));
        let group = |(kind, titles): (Kind, Vec<String>)| Group {
            kind: kind.as_str(),
            kind_text: language.kind(kind),
            titles,
        };
        let fields = review.patient_fields().iter();
        Self {
            person,
            patient_fields: fields.map(|field| of_code(language, "shareField", field.as_str())).collect(),
            groups: groups.into_iter().map(group).collect(),
            notices,
            left_out: review
                .left_out()
                .iter()
                .filter(|(reason, _)| **reason != LeftOut::OtherPerson)
                .map(|(reason, count)| said.left_out(*reason, *count))
                .collect(),
            purpose: terms.purpose.clone(),
            recipient: terms.recipient.clone(),
            expires: gather::until(terms.expires_ms),
            views: terms.view_limit,
            passcode: terms.passcode,
        }
    }
}

impl std::fmt::Debug for ShareWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShareWish")
            .field("direct", &self.direct)
            .field("passcode", &self.passcode)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SharePlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharePlan").field("records", &self.review.included().len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Review {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Review").field("groups", &self.groups.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group")
            .field("kind", &self.kind)
            .field("titles", &self.titles.len())
            .finish_non_exhaustive()
    }
}
