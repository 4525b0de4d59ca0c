//! What a person's records say of one subject: medicines, allergies, problems, vaccinations, documents, results and their
//! course, visits, what came in of late, and what whoever helps in an emergency needs.
//!
//! All of it is drawn from the index in memory; nothing is decrypted, nothing kept. The same thing said by several sources is
//! shown once, with every source. Standings that negate are never among facts; what was entered in error is in no view.
//! States are stable words (`may-have-ended`); sentences for people are made where they are shown.

mod allergies;
mod anchors;
pub mod chart;
mod documents;
mod emergency;
mod grouping;
mod medicines;
pub mod news;
mod none_known;
mod paging;
mod problems;
pub mod results;
mod scope;
mod series;
pub mod trend;
mod vaccinations;
pub mod visits;
pub(crate) mod words;

pub use allergies::{Allergies, AllergiesQuery, Allergy, AllergyState};
pub(crate) use anchors::Anchored;
pub use documents::{Document, DocumentFile, Documents, DocumentsQuery};
pub use emergency::EmergencyView;
pub use grouping::Source;
pub use kosha_fhir::DoseState;
pub use medicines::{
    Contrary, DoNotTake, Match, Medicine, MedicineCounts, MedicineSource, MedicineState, MedicineWarning,
    Medicines, MedicinesQuery,
};
pub use none_known::NoneKnown;
pub use problems::{Problem, ProblemSection, ProblemState, Problems, ProblemsQuery};
pub use scope::Which;
pub(crate) use series::RESULTS;
pub use vaccinations::{
    Advice, Dose, DueDose, NotGiven, ScheduleName, Vaccinations, VaccinationsQuery, VaccineGroup,
};
