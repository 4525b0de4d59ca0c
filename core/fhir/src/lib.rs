//! Reading FHIR as it comes from hospitals: JSON or XML of any release, whole or in part broken, never trusted.
//!
//! [`read`] guards and splits a file into exact byte ranges; [`Reading::extract`] says of one entry what a
//! timeline, a search, a chart and a share need to know; [`card_of`] does the same for a lone resource.
//! JSON itself is never rewritten, XML becomes JSON. No I/O, no keys, no clock: the time of day comes in [`Limits`].
//!
//! Display rules live in code here; units and code tables in `data/display.json`, which the doctor's page reads too;
//! words in `languages/`. `fixtures/cards.json` holds the cards that wallet and page must produce.

mod attachment;
mod bare;
mod card;
mod convert;
mod date;
mod denial;
mod dosage;
mod extract;
mod flag;
mod guard;
mod identity;
pub mod imaging;
mod kind;
mod label;
mod language;
mod links;
mod meaning;
mod medicine_name;
mod names;
mod narrative;
pub mod own;
mod patient;
mod quantity;
mod reading;
mod reason;
mod release;
mod scan;
mod schedule;
mod search;
mod sensitive;
mod sequence;
pub mod series;
mod source;
mod split;
mod standing;
pub mod summary;
mod table;
mod timeline;
mod traits;
mod tree;
mod value;
mod xml;

pub use attachment::{AttachmentSpan, Media, decode_base64, media_of};
pub use bare::bare_title;
pub use card::{Card, Flag, Series, card_of};
pub use convert::{convert, other_unit};
pub use date::{Basis, Precision, When, days_from_civil};
pub use extract::Extract;
pub use guard::unpacked;
pub use identity::{Identity, OF_ORDER};
pub use kind::Kind;
pub use label::{clean, system_name};
pub use language::{Language, Messages, UnknownLanguage};
pub use meaning::{Meaning, meaning, named_alike};
pub use medicine_name::{MedicineName, is_allergy_word};
pub use narrative::plain_text;
pub use patient::Patient;
pub use reading::{BundleInfo, Entry, Finding, Form, Limits, Outcome, Reading, read};
pub use reason::{Refusal, reason_in, reason_text};
pub use release::FhirVersion;
pub use schedule::{
    DoseState, GivenDose, Recipient, ScheduledDose, condition_text, dose_name, schedule_source, scheduled,
    vaccine_name, vaccines_of,
};
pub use sensitive::Sensitivity;
pub use standing::Standing;
pub use table::DISPLAY_JSON;
pub use traits::Traits;
pub use xml::xml_text;
