//! Data types of HL7 v3 that name and number things: CD, II, PN, ON, AD, TEL.

use super::oids::{address as id_address, code_system, number_system};
use super::reader::{Reader, all, known, one, path};
use crate::json::{Json, list, object, text};
use crate::xml::Element;

/// Most translations of one code.
const MOST_TRANSLATIONS: usize = 32;

/// One code, unless it says that there is none.
fn coding(element: Element<'_>) -> Option<Json> {
    let code = known(element)?.attribute("code")?;
    Some(object([
        ("system", element.attribute("codeSystem").and_then(code_system)),
        ("version", element.attribute("codeSystemVersion").and_then(text)),
        ("code", text(code)),
        ("display", element.attribute("displayName").and_then(text)),
    ]))
}

/// Whether an element, or a translation of it, is one of these codes.
pub(super) fn is_code(element: Element<'_>, codes: &[&str]) -> bool {
    let of = |element| {
        known(element).and_then(|element| element.attribute("code")).is_some_and(|code| codes.contains(&code))
    };
    of(element) || all(element, "translation").any(of)
}

impl<'t> Reader<'t> {
    /// CD, CE, CV, CS: a code with its translations and the author's own words. Where only words are there, they stay.
    pub(super) fn concept(&self, element: Element<'t>) -> Option<Json> {
        self.concept_or(element, None)
    }

    /// The same, with other words for it where it has none.
    pub(super) fn concept_or(&self, element: Element<'t>, otherwise: Option<String>) -> Option<Json> {
        let mut codings: Vec<Json> = Vec::new();
        let translations = all(element, "translation").take(MOST_TRANSLATIONS);
        for coding in std::iter::once(element).chain(translations).filter_map(coding) {
            if !codings.contains(&coding) {
                codings.push(coding);
            }
        }
        let words = self.label(element).or(otherwise).and_then(text);
        if codings.is_empty() && words.is_none() {
            return None;
        }
        Some(object([("coding", list(codings)), ("text", words)]))
    }

    /// The concept that a child element names.
    pub(super) fn concept_of(&self, element: Element<'t>, name: &'static str) -> Option<Json> {
        self.concept(one(element, name)?)
    }

    /// The words of a CD: the author's own, or else the name of the code, with what qualifies it.
    pub(super) fn label(&self, element: Element<'t>) -> Option<String> {
        let original = one(element, "originalText").and_then(|original| self.said(original));
        let translations = all(element, "translation").take(MOST_TRANSLATIONS);
        let named =
            std::iter::once(element).chain(translations).find_map(|code| code.attribute("displayName"));
        let named = named.map(|name| {
            let qualifiers = all(element, "qualifier").filter_map(|qualifier| one(qualifier, "value"));
            let qualifiers: Vec<&str> =
                qualifiers.filter_map(|value| value.attribute("displayName")).collect();
            if qualifiers.is_empty() {
                name.to_owned()
            } else {
                format!("{name} ({})", qualifiers.join(", "))
            }
        });
        match (original, named) {
            (Some(original), Some(named)) if original.whole => Some(named),
            (Some(original), _) => Some(original.words),
            (None, named) => named,
        }
    }

    /// PN: a person's name.
    pub(super) fn human_name(&self, element: Element<'t>) -> Option<Json> {
        known(element)?;
        let parts = |name: &'static str| {
            let parts = all(element, name).filter_map(known).filter_map(|part| self.words(part));
            list(parts.filter_map(text))
        };
        let usage = element.attribute("use").and_then(|usage| match usage.split_whitespace().next()? {
            "L" | "C" => Some("official"),
            "P" | "A" => Some("nickname"),
            "ASGN" => Some("usual"),
            _ => None,
        });
        let families: Vec<String> =
            all(element, "family").filter_map(known).filter_map(|part| self.words(part)).collect();
        let made = object([
            ("use", usage.and_then(text)),
            ("family", text(families.join(" "))),
            ("given", parts("given")),
            ("prefix", parts("prefix")),
            ("suffix", parts("suffix")),
        ]);
        if made.has("family") || made.has("given") {
            return Some(made);
        }
        Some(object([("use", usage.and_then(text)), ("text", Some(text(self.words(element)?)?))]))
    }

    /// The same as one text.
    pub(super) fn full_name(&self, element: Element<'t>) -> Option<String> {
        known(element)?;
        let of =
            |name: &'static str| all(element, name).filter_map(known).filter_map(|part| self.words(part));
        let parts: Vec<String> =
            of("prefix").chain(of("given")).chain(of("family")).chain(of("suffix")).collect();
        if parts.is_empty() { self.words(element) } else { Some(parts.join(" ")) }
    }

    /// AD.
    pub(super) fn postal(&self, element: Element<'t>) -> Option<Json> {
        known(element)?;
        let part = |name: &'static str| self.words(known(one(element, name)?)?).and_then(text);
        let lines = ["streetAddressLine", "streetName", "houseNumber", "additionalLocator"];
        let lines = lines.into_iter().flat_map(|name| all(element, name)).filter_map(known);
        let made = object([
            ("line", list(lines.filter_map(|line| self.words(line)).filter_map(text))),
            ("city", part("city")),
            ("district", part("county")),
            ("state", part("state")),
            ("postalCode", part("postalCode")),
            ("country", part("country")),
        ]);
        if made != object([]) {
            let usage = element.attribute("use").and_then(|usage| match usage.split_whitespace().next()? {
                "H" | "HP" | "HV" => Some("home"),
                "WP" | "DIR" | "PUB" => Some("work"),
                "TMP" => Some("temp"),
                _ => None,
            });
            let mut made = made;
            made.put("use", usage.and_then(text));
            return Some(made);
        }
        Some(object([("text", Some(text(self.words(element)?)?))]))
    }

    /// Whoever a role names: a person, or the organisation behind them, or a device.
    pub(super) fn actor(&self, role: Element<'t>) -> Option<String> {
        let person =
            ["assignedPerson", "associatedPerson", "relatedPerson", "informationRecipient", "guardianPerson"];
        let person = person.into_iter().find_map(|name| one(one(role, name)?, "name"));
        let organisation = || {
            ["representedOrganization", "scopingOrganization"]
                .into_iter()
                .find_map(|name| one(one(role, name)?, "name"))
        };
        let device = || {
            let device = one(role, "assignedAuthoringDevice")?;
            let name = one(device, "softwareName").or_else(|| one(device, "manufacturerModelName"))?;
            self.words(known(name)?)
        };
        person
            .and_then(|name| self.full_name(name))
            .or_else(device)
            .or_else(|| organisation().and_then(|name| self.full_name(name)))
    }

    /// Who took part in a statement in this way: `performer`, `author`, `informant`.
    pub(super) fn actors(&self, statement: Element<'t>, way: &'static str) -> Vec<String> {
        let role = if way == "author" { "assignedAuthor" } else { "assignedEntity" };
        let mut names = Vec::new();
        for name in all(statement, way).filter_map(known).filter_map(|part| self.actor(one(part, role)?)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Name of the place where something was done.
    pub(super) fn place_name(&self, statement: Element<'t>) -> Option<String> {
        let place = all(statement, "participant").find(|part| part.attribute("typeCode") == Some("LOC"))?;
        let role = one(place, "participantRole")?;
        let name = path(role, &["playingEntity", "name"]).and_then(|name| self.full_name(name));
        name.or_else(|| self.label(one(role, "code")?))
    }
}

/// II: a number and who gave it.
fn identifier(element: Element<'_>) -> Option<Json> {
    let root = known(element)?.attribute("root").unwrap_or_default();
    let assigner = || {
        let name = element.attribute("assigningAuthorityName").and_then(text)?;
        Some(object([("display", Some(name))]))
    };
    if let Some(number) = element.attribute("extension") {
        let members = [("system", number_system(root)), ("value", text(number)), ("assigner", assigner())];
        return Some(object(members));
    }
    // The number alone is unique.
    let number = id_address(root)?;
    Some(object([("system", text("urn:ietf:rfc:3986")), ("value", Some(number)), ("assigner", assigner())]))
}

/// All numbers of an element.
pub(super) fn identifiers(element: Element<'_>) -> Option<Json> {
    list(all(element, "id").take(MOST_TRANSLATIONS).filter_map(identifier))
}

/// TEL.
pub(super) fn contact_point(element: Element<'_>) -> Option<Json> {
    let value = known(element)?.attribute("value")?;
    let (kind, number) = value.split_once(':').unwrap_or(("", value));
    let (system, number) = match kind.to_ascii_lowercase().as_str() {
        "mailto" => ("email", number),
        "tel" => ("phone", number),
        "fax" | "x-text-fax" => ("fax", number),
        "http" | "https" => ("url", value),
        "" if value.contains('@') => ("email", value),
        "" => ("phone", value),
        _ => ("other", value),
    };
    let usage = element.attribute("use").and_then(|usage| {
        usage.split_whitespace().find_map(|word| match word {
            "H" | "HP" | "HV" => Some("home"),
            "WP" | "DIR" | "PUB" => Some("work"),
            "MC" | "PG" => Some("mobile"),
            "TMP" => Some("temp"),
            _ => None,
        })
    });
    let number = text(number.trim().trim_start_matches("//"))?;
    Some(object([("system", text(system)), ("value", Some(number)), ("use", usage.and_then(text))]))
}

/// HL7 v3 `AdministrativeGender`.
pub(super) fn gender(element: Option<Element<'_>>) -> Option<Json> {
    let element = element?;
    match known(element).and_then(|element| element.attribute("code")) {
        Some("F") => text("female"),
        Some("M") => text("male"),
        Some("UN" | "O") => text("other"),
        // Asked, and not told: known to be unknown.
        None if element.attribute("nullFlavor").is_some_and(|why| matches!(why, "UNK" | "ASKU")) => {
            text("unknown")
        }
        _ => None,
    }
}
