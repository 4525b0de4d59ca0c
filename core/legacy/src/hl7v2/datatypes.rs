//! Data types of HL7 v2 (chapter 2A) as FHIR R4 has them, after the mapping of "HL7 Version 2 to FHIR".

use std::borrow::Cow;

use super::syntax::Piece;
use crate::json::{Json, list, object, text};
use crate::resource::is_oid;

/// Addresses of code systems by their names in HL7 table 0396.
const SYSTEMS: [(&str, &str); 14] = [
    ("LN", "http://loinc.org"),
    ("LOINC", "http://loinc.org"),
    ("SCT", "http://snomed.info/sct"),
    ("SNOMED", "http://snomed.info/sct"),
    ("SNM", "http://snomed.info/sct"),
    ("UCUM", "http://unitsofmeasure.org"),
    ("I10", "http://hl7.org/fhir/sid/icd-10"),
    ("I10C", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I9", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9C", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("CVX", "http://hl7.org/fhir/sid/cvx"),
    ("MVX", "http://hl7.org/fhir/sid/mvx"),
    ("NDC", "http://hl7.org/fhir/sid/ndc"),
    ("RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"),
];

fn system(name: &str) -> Option<Json> {
    let name = name.trim().to_ascii_uppercase();
    let known = SYSTEMS.iter().find(|(known, _)| *known == name).map(|(_, address)| *address);
    // Tables of HL7 itself; names of a hospital's own tables say nothing elsewhere.
    let table = name.strip_prefix("HL7").filter(|number| number.len() == 4 && number.parse::<u16>().is_ok());
    let table = table.map(|number| format!("http://terminology.hl7.org/CodeSystem/v2-{number}"));
    known.map(str::to_owned).or(table).map(Json::Text)
}

/// CE, CWE, CNE: a code with up to two translations, and its own words.
pub(super) fn concept(piece: &Piece<'_>) -> Option<Json> {
    let coding = |at: usize| {
        let (code, display, name) = (piece.word(at), piece.word(at + 1), piece.word(at + 2));
        if code.is_empty() {
            return None;
        }
        Some(object([("system", system(&name)), ("code", text(code)), ("display", text(display))]))
    };
    let words = [piece.word(9), piece.word(2), piece.word(5), piece.word(1)];
    let words = words.into_iter().find(|words| !words.is_empty())?;
    Some(object([("coding", list([1, 4].into_iter().filter_map(coding))), ("text", text(words))]))
}

/// The words of a CE, CWE or CNE.
pub(super) fn words<'a>(piece: &Piece<'a>) -> Cow<'a, str> {
    let words = [piece.word(9), piece.word(2), piece.word(5), piece.word(1)];
    words.into_iter().find(|words| !words.is_empty()).unwrap_or_default()
}

/// CX or EI: a number and who gave it. A name that only one hospital knows is no system: two hospitals may use it.
pub(super) fn identifier(piece: &Piece<'_>, authority: usize) -> Option<Json> {
    let value = text(piece.word(1))?;
    let giver = piece.component(authority);
    let (name, id, kind) = if authority == 4 {
        (giver.sub(1).text(), giver.sub(2).text(), giver.sub(3).text())
    } else {
        (piece.word(2), piece.word(3), piece.word(4))
    };
    let system = (kind == "ISO" && is_oid(&id)).then(|| Json::Text(format!("urn:oid:{id}")));
    let kind = (authority == 4).then(|| piece.word(5)).filter(|kind| !kind.is_empty()).map(|kind| {
        let address = "http://terminology.hl7.org/CodeSystem/v2-0203";
        object([("coding", list([object([("system", text(address)), ("code", text(kind))])]))])
    });
    let assigner = text(name).map(|name| object([("display", Some(name))]));
    Some(object([("type", kind), ("system", system), ("value", Some(value)), ("assigner", assigner)]))
}

/// XPN: a person's name.
pub(super) fn name(piece: &Piece<'_>) -> Option<Json> {
    human_name(piece, 1, Some(7))
}

/// `first` is the component that holds the family name; prefix and suffix follow as in XPN and XCN.
fn human_name(piece: &Piece<'_>, first: usize, kind: Option<usize>) -> Option<Json> {
    let word = |at: usize| piece.word(first + at);
    let given = [word(1), word(2)].into_iter().filter_map(text);
    let usage = kind.and_then(|at| match piece.word(at).as_ref() {
        "L" | "" => Some("official"),
        "M" => Some("maiden"),
        "N" => Some("nickname"),
        "S" => Some("anonymous"),
        "T" => Some("temp"),
        "D" => Some("usual"),
        _ => None,
    });
    let made = object([
        ("use", usage.and_then(text)),
        ("family", text(word(0))),
        ("given", list(given)),
        ("prefix", list(text(word(4)))),
        ("suffix", list([word(3), word(5)].into_iter().filter_map(text))),
    ]);
    (made.has("family") || made.has("given")).then_some(made)
}

/// The name in an XCN (number first, then as XPN) as one text.
pub(super) fn doctor(piece: &Piece<'_>) -> Option<String> {
    let parts = [piece.word(6), piece.word(3), piece.word(4), piece.word(2), piece.word(5)];
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
    if piece.word(2).is_empty() && piece.word(3).is_empty() {
        return Some(piece.word(1).into_owned()).filter(|number| !number.is_empty());
    }
    Some(parts.join(" "))
}

/// XAD: an address.
pub(super) fn address(piece: &Piece<'_>) -> Option<Json> {
    let lines = [piece.word(1), piece.word(2)].into_iter().filter_map(text);
    let made = object([
        ("line", list(lines)),
        ("city", text(piece.word(3))),
        ("district", text(piece.word(9))),
        ("state", text(piece.word(4))),
        ("postalCode", text(piece.word(5))),
        ("country", text(piece.word(6))),
    ]);
    (made != object([])).then_some(made)
}

/// XTN: a telephone number or mail address.
pub(super) fn contact_point(piece: &Piece<'_>) -> Option<Json> {
    let mail = piece.word(4);
    if !mail.is_empty() {
        return Some(object([("system", text("email")), ("value", text(mail))]));
    }
    let parts = [piece.word(5), piece.word(6), piece.word(7)];
    let joined =
        parts.iter().map(AsRef::as_ref).filter(|part: &&str| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let number =
        [piece.word(12), piece.word(1), Cow::Owned(joined)].into_iter().find(|number| !number.is_empty())?;
    Some(object([("system", text("phone")), ("value", text(number))]))
}

/// HL7 table 0001.
pub(super) fn gender(code: &str) -> Option<&'static str> {
    match code {
        "F" => Some("female"),
        "M" => Some("male"),
        "O" | "A" | "N" | "X" => Some("other"),
        "U" => Some("unknown"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{concept, contact_point, doctor, identifier, name};
    use crate::hl7v2::syntax::{Piece, messages};
    use crate::json::Json;

    fn written(value: Option<Json>) -> String {
        let mut out = String::new();
        if let Some(value) = value {
            value.write(&mut out);
        }
        out
    }

    fn with<T>(field: &str, each: impl Fn(&Piece<'_>) -> T) -> T {
        let text = format!("MSH|^~\\&|\rZZZ|{field}");
        let found = messages(&text).unwrap();
        each(&found[0].segments[1].field(1))
    }

    #[test]
    fn data_types_read_as_fhir_has_them() {
        assert_eq!(
            with("718-7^Haemoglobin^LN^HB^Hb^L", |piece| written(concept(piece))),
            r#"{"coding":[{"system":"http://loinc.org","code":"718-7","display":"Haemoglobin"},{"code":"HB","display":"Hb"}],"text":"Haemoglobin"}"#
        );
        assert_eq!(
            with("77^^^H&1.2.3&ISO^MR", |piece| written(identifier(piece, 4))),
            r#"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:oid:1.2.3","value":"77","assigner":{"display":"H"}}"#
        );
        assert_eq!(
            with("77^H", |piece| written(identifier(piece, 2))),
            r#"{"value":"77","assigner":{"display":"H"}}"#
        );
        assert_eq!(
            with("Rao&&&&X^Asha^M^^Dr^MD^L", |piece| written(name(piece))),
            r#"{"use":"official","family":"Rao","given":["Asha","M"],"prefix":["Dr"],"suffix":["MD"]}"#
        );
        assert_eq!(with("7^Rao^Asha^^^Dr", doctor).as_deref(), Some("Dr Asha Rao"));
        assert_eq!(with("7", doctor).as_deref(), Some("7"));
        assert_eq!(
            with("^PRN^PH^^91^22^12345", |piece| written(contact_point(piece))),
            r#"{"system":"phone","value":"91 22 12345"}"#
        );
        assert_eq!(with("", |piece| written(concept(piece)) + &written(name(piece))), "");
    }
}
