//! What an emergency card would show, for whoever has the vault open: also where no device keeps a card.

use serde::Serialize;

use crate::emergency::EmergencyCard;
use crate::hidden::hidden_debug;
use crate::{Error, Session};

/// The facts of an emergency card, drawn now.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct EmergencyView {
    /// Whose they are.
    pub person: String,
    /// The facts, and when they were drawn. Every field but the contact is there; the contact where the card that is
    /// switched on has one for this person.
    pub card: EmergencyCard,
    /// What has to be read with it.
    pub notices: Vec<&'static str>,
}

impl Session {
    /// What the emergency card of a person would show now; of the owner where nobody is named.
    ///
    /// Errors: [`Error::PersonNeeded`], [`Error::NoSuchPerson`], [`Error::Ambiguous`].
    pub fn emergency(&self, person: Option<&str>) -> Result<EmergencyView, Error> {
        let person = self.person_or_owner(person)?;
        let card = self.emergency_card_of(person)?;
        Ok(EmergencyView {
            person: person.to_string(),
            card,
            notices: EmergencyCard::notices(self.language()).to_vec(),
        })
    }
}

hidden_debug!(EmergencyView);
