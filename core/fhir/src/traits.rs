//! What sets records of one kind apart in a list, beside their standing.

use crate::denial::Denial;
use crate::dosage;
use crate::label::has_code;
use crate::tree::Node;

/// A set of traits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Traits(u32);

impl Traits {
    /// None.
    pub const NONE: Traits = Traits(0);
    /// Written down by the patient or a carer in Kosha.
    pub const OWN: Traits = Traits(1);
    /// A diagnosis of one visit, not of the problem list.
    pub const VISIT_DIAGNOSIS: Traits = Traits(2);
    /// An allergy that can be serious.
    pub const SERIOUS: Traits = Traits(4);
    /// An intolerance, not an allergy.
    pub const INTOLERANCE: Traits = Traits(8);
    /// Says that there is no allergy known.
    pub const NONE_KNOWN: Traits = Traits(16);
    /// Unit in words and unit code say different things.
    pub const UNIT_UNCLEAR: Traits = Traits(32);
    /// The dosage was put together from fields.
    pub const DOSAGE_GENERATED: Traits = Traits(64);
    /// The source has it from the patient.
    pub const TOLD_BY_PATIENT: Traits = Traits(128);
    /// A result that is not final.
    pub const NOT_FINAL: Traits = Traits(256);
    /// The value is an upper bound (`<`, `<=`).
    pub const BELOW: Traits = Traits(512);
    /// The value is a lower bound (`>`, `>=`).
    pub const ABOVE: Traits = Traits(1024);

    /// Says that nothing is known of it: neither that there is one nor that there is none.
    pub const NO_INFORMATION: Traits = Traits(2048);

    /// A heading over other results, without a value of its own.
    pub const HEADING: Traits = Traits(65_536);

    /// The bits as kept in a record's header.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// From stored bits.
    pub fn from_bits(bits: u32) -> Traits {
        Traits(bits)
    }

    /// Whether every trait of `other` is in this set.
    pub fn contains(self, other: Traits) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn with(self, other: Traits, is: bool) -> Traits {
        if is { Traits(self.0 | other.0) } else { self }
    }
}

/// The traits of a resource that denies so much.
pub(crate) fn of(root: &Node<'_>, resource_type: &str, denial: Option<&Denial>) -> Traits {
    let traits = Traits::NONE
        .with(Traits::OWN, crate::own::is_marked(root))
        .with(Traits::NONE_KNOWN, denial.is_some_and(Denial::says_none))
        .with(Traits::NO_INFORMATION, denial.is_some_and(Denial::says_nothing));
    match resource_type {
        "Condition" => traits.with(
            Traits::VISIT_DIAGNOSIS,
            has_code(root.at("category"), &["encounter-diagnosis", "diagnosis"]),
        ),
        "AllergyIntolerance" => {
            let severe = root.at("reaction").items().any(|reaction| reaction.has("severity", "severe"));
            traits
                .with(
                    Traits::SERIOUS,
                    root.has("criticality", "high") || root.has("criticality", "CRITH") || severe,
                )
                .with(
                    Traits::INTOLERANCE,
                    root.has("type", "intolerance") || has_code(root.at("type"), &["intolerance"]),
                )
        }
        "Observation" => {
            let comparator = root.at("valueQuantity").str("comparator");
            let is = |signs: [&str; 2]| comparator.as_deref().is_some_and(|sign| signs.contains(&sign));
            let unclear = super::card::unit_unclear(root);
            let open = ["preliminary", "registered", "partial"];
            let members = root.any(&["hasMember", "related"]).items().any(Node::there);
            let valued = root.choice("value").is_some() || root.at("component").there();
            traits
                .with(Traits::HEADING, members && !valued)
                .with(Traits::BELOW, is(["<", "<="]))
                .with(Traits::ABOVE, is([">", ">="]))
                .with(Traits::UNIT_UNCLEAR, unclear)
                .with(Traits::NOT_FINAL, super::card::status_is(root, &open))
        }
        _ => traits,
    }
}

/// Whether a problem is over by what its source says in place of a day: an age, words, or that it is.
pub(crate) fn is_abated(root: &Node<'_>) -> bool {
    root.truth("abatementBoolean") == Some(true)
        || ["abatementAge", "abatementRange", "abatementString"].iter().any(|key| root.at(key).there())
}

/// The last moment at which a record holds, in Unix milliseconds, where it names one: a medicine's, a problem's.
pub(crate) fn until_ms(root: &Node<'_>, resource_type: &str) -> Option<i64> {
    let moment = |node: &Node<'_>, key: &str| node.str(key).and_then(|end| crate::date::parse(&end));
    match resource_type {
        "Condition" => moment(root, "abatementDateTime")
            .or_else(|| moment(root, "abatementDate"))
            .or_else(|| moment(root.at("abatementPeriod"), "end"))
            .map(|end| end.as_end_ms()),
        kind if kind.starts_with("Medication") => dosage::ends_ms(root),
        _ => None,
    }
}
