//! What a header says, as FHIR R4: after the mapping of `ImagingStudy` (hl7.org/fhir/R4/imagingstudy-mappings.html).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::dataset::{Header, tag};
use super::text::Texts;
use crate::converted::Growing;
use crate::json::{Json, list, object, text};

/// Classes of an envelope around another file: PDF, CDA, STL, OBJ, MTL (PS3.4 table B.5-1).
const ENVELOPES: &str = "1.2.840.10008.5.1.4.1.1.104.";

/// Largest file taken out of an envelope, in bytes.
const LARGEST_DOCUMENT: usize = 32 << 20;

const CODES: &str = "http://dicom.nema.org/resources/ontology/DCM";
const REPRESENTATION: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";

/// Adds what the header is about; false when it says nothing of a patient or a study.
pub(super) fn add(
    header: &Header<'_>,
    texts: &Texts<'_>,
    class: Option<String>,
    bundle: &mut Growing,
) -> Result<bool, &'static str> {
    let patient = patient(texts).map(|patient| bundle.add(address_of(&patient), patient));
    let subject = patient.and_then(|at| bundle.reference(at));
    let is_envelope = class.as_deref().is_some_and(|class| class.starts_with(ENVELOPES));
    let document = header.bytes(tag::DOCUMENT).filter(|_| is_envelope);
    if let Some(content) = document {
        if content.len() > LARGEST_DOCUMENT {
            return Err("file-too-large");
        }
        let length = header.number(tag::DOCUMENT_LENGTH);
        let resource = envelope(texts, subject, content, length);
        bundle.add("urn:kosha:dicom:document".to_owned(), resource);
        return Ok(true);
    }
    let says_something = [tag::STUDY, tag::SERIES, tag::SOP_INSTANCE, tag::STUDY_DATE, tag::MODALITY]
        .into_iter()
        .any(|tag| header.bytes(tag).is_some());
    if says_something {
        // All files of a study are of one patient, whom they may name by no more than a name or a number.
        let address = match (unique(texts.uid(tag::STUDY)), texts.uid(tag::SOP_INSTANCE)) {
            (Some(number), Some(instance)) => {
                bundle.identify(number);
                format!("urn:oid:{instance}")
            }
            _ => "urn:kosha:dicom:study".to_owned(),
        };
        bundle.add(address, study(texts, subject, class));
    }
    Ok(says_something || patient.is_some())
}

/// The same for the same description of a patient, and another one where anything of it differs: files that claim to be of
/// one study may still be of two persons.
fn address_of(patient: &Json) -> String {
    let mut written = String::new();
    patient.write(&mut written);
    // FNV-1a.
    let mixed = written.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("urn:kosha:dicom:patient:{mixed:016x}")
}

fn patient(texts: &Texts<'_>) -> Option<Json> {
    let names = list(texts.text(tag::PATIENT_NAME).map(|name| human_names(&name)).unwrap_or_default());
    let identifier = texts.text(tag::PATIENT_ID).map(|value| {
        let issuer = texts.text(tag::ISSUER);
        let is_oid = |issuer: &String| {
            issuer.contains('.') && issuer.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        };
        let (oid, named) = (issuer.clone().filter(is_oid), issuer.filter(|issuer| !is_oid(issuer)));
        object([
            ("system", oid.and_then(|oid| text(format!("urn:oid:{oid}")))),
            ("value", text(value)),
            ("assigner", named.map(|issuer| object([("display", text(issuer))]))),
        ])
    });
    if names.is_none() && identifier.is_none() {
        return None;
    }
    let gender = match texts.plain(tag::SEX).as_deref() {
        Some("F") => Some("female"),
        Some("M") => Some("male"),
        Some("O") => Some("other"),
        _ => None,
    };
    Some(object([
        ("resourceType", text("Patient")),
        ("identifier", list(identifier)),
        ("name", names),
        ("gender", gender.and_then(text)),
        ("birthDate", texts.moment(tag::BIRTH_DATE, None).and_then(text)),
    ]))
}

/// PN: one name in up to three ways of writing (PS3.5 section 6.2.1): letters, ideographs, sounds.
fn human_names(written: &str) -> Vec<Json> {
    let ways = written.split('\\').next().unwrap_or_default().split('=');
    let named = ways.zip(["ABC", "IDE", "SYL"]).filter_map(|(way, code)| {
        let parts: Vec<&str> = way.split('^').map(str::trim).collect();
        let part = |at: usize| parts.get(at).and_then(|part| text(*part));
        let given = [1, 2].into_iter().filter_map(part);
        let mut name = object([
            ("family", part(0)),
            ("given", list(given)),
            ("prefix", list(part(3))),
            ("suffix", list(part(4))),
        ]);
        if !name.has("family") && !name.has("given") {
            return None;
        }
        if written.contains('=') {
            let extension = object([("url", text(REPRESENTATION)), ("valueCode", text(code))]);
            name.put("extension", list([extension]));
        }
        Some(name)
    });
    named.collect()
}

/// PN as one text.
fn spoken(written: &str) -> Option<Json> {
    let way = written.split(['\\', '=']).map(str::trim).find(|way| !way.replace('^', "").is_empty())?;
    let parts: Vec<&str> = way.split('^').map(str::trim).collect();
    let order = [3, 1, 2, 0, 4].into_iter().filter_map(|at| parts.get(at).copied());
    text(order.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}

fn named(display: Option<Json>) -> Option<Json> {
    display.map(|display| object([("display", Some(display))]))
}

fn person(texts: &Texts<'_>, tag: u32) -> Option<Json> {
    named(texts.text(tag).and_then(|name| spoken(&name)))
}

fn coding(code: &str) -> Json {
    object([("system", text(CODES)), ("code", text(code))])
}

fn unique(uid: Option<String>) -> Option<Json> {
    uid.map(|uid| object([("system", text("urn:dicom:uid")), ("value", text(format!("urn:oid:{uid}")))]))
}

fn study(texts: &Texts<'_>, subject: Option<Json>, class: Option<String>) -> Json {
    let accession = texts.text(tag::ACCESSION).map(|number| {
        let kind = object([
            ("system", text("http://terminology.hl7.org/CodeSystem/v2-0203")),
            ("code", text("ACSN")),
        ]);
        object([("type", Some(object([("coding", list([kind]))]))), ("value", text(number))])
    });
    let mut modalities = texts.plain_values(tag::MODALITIES);
    if modalities.is_empty() {
        modalities.extend(texts.plain(tag::MODALITY));
    }
    let identifiers = unique(texts.uid(tag::STUDY)).into_iter().chain(accession);
    object([
        ("resourceType", text("ImagingStudy")),
        ("identifier", list(identifiers)),
        ("status", text("available")),
        ("modality", list(modalities.iter().map(|code| coding(code)))),
        ("subject", subject),
        ("started", texts.moment(tag::STUDY_DATE, Some(tag::STUDY_TIME)).and_then(text)),
        ("referrer", person(texts, tag::REFERRER)),
        ("interpreter", list(person(texts, tag::READER))),
        ("location", named(texts.text(tag::INSTITUTION).and_then(text))),
        ("description", texts.text(tag::STUDY_DESCRIPTION).and_then(text)),
        ("series", list([series(texts, class)])),
    ])
}

/// The series as far as this one file shows it: one instance of it.
fn series(texts: &Texts<'_>, class: Option<String>) -> Json {
    let class = class.map(|class| {
        object([("system", text("urn:ietf:rfc:3986")), ("code", text(format!("urn:oid:{class}")))])
    });
    let number = |tag: u32| texts.whole(tag).and_then(|number| Json::number(&number));
    let instance = object([
        ("uid", texts.uid(tag::SOP_INSTANCE).and_then(text)),
        ("sopClass", class),
        ("number", number(tag::INSTANCE_NUMBER)),
    ]);
    let side = match texts.plain(tag::LATERALITY).as_deref() {
        Some("R") => Some(("24028007", "Right")),
        Some("L") => Some(("7771000", "Left")),
        _ => None,
    };
    let side = side.map(|(code, display)| {
        object([("system", text("http://snomed.info/sct")), ("code", text(code)), ("display", text(display))])
    });
    let place = texts.text(tag::BODY_PART).map(|place| object([("display", text(place))]));
    object([
        ("uid", texts.uid(tag::SERIES).and_then(text)),
        ("number", number(tag::SERIES_NUMBER)),
        ("modality", texts.plain(tag::MODALITY).map(|code| coding(&code))),
        ("description", texts.text(tag::SERIES_DESCRIPTION).and_then(text)),
        ("numberOfInstances", Json::number("1")),
        ("bodySite", place),
        ("laterality", side),
        ("started", texts.moment(tag::SERIES_DATE, Some(tag::SERIES_TIME)).and_then(text)),
        ("instance", list((instance != object([])).then_some(instance))),
    ])
}

/// A file that came in an envelope. Values are of even length: the last byte may be filling.
fn envelope(texts: &Texts<'_>, subject: Option<Json>, content: &[u8], length: Option<usize>) -> Json {
    let said = length.filter(|length| *length <= content.len() && content.len() - length <= 1);
    let filled = content.len() - usize::from(content.ends_with(b"\0") && content.len().is_multiple_of(2));
    let content = content.get(..said.unwrap_or(filled)).unwrap_or(content);
    let title = [tag::DOCUMENT_TITLE, tag::SERIES_DESCRIPTION, tag::STUDY_DESCRIPTION];
    let title = title.into_iter().find_map(|tag| texts.text(tag));
    let written = texts
        .moment(tag::CONTENT_DATE, Some(tag::CONTENT_TIME))
        .or_else(|| texts.moment(tag::STUDY_DATE, Some(tag::STUDY_TIME)));
    let media = texts.plain(tag::DOCUMENT_TYPE).map(|kind| kind.to_ascii_lowercase());
    let media =
        media.filter(|kind| !kind.trim().is_empty()).unwrap_or_else(|| "application/octet-stream".to_owned());
    let attachment = object([
        ("contentType", text(media)),
        ("data", text(STANDARD.encode(content))),
        ("title", title.clone().and_then(text)),
    ]);
    let period = written.clone().map(|start| object([("start", text(start))]));
    object([
        ("resourceType", text("DocumentReference")),
        ("masterIdentifier", unique(texts.uid(tag::SOP_INSTANCE))),
        ("status", text("current")),
        ("subject", subject),
        // `date` is an instant: a time with its zone.
        ("date", written.filter(|written| written.contains('T')).and_then(text)),
        ("custodian", named(texts.text(tag::INSTITUTION).and_then(text))),
        ("description", title.and_then(text)),
        ("content", list([object([("attachment", Some(attachment))])])),
        ("context", period.map(|period| object([("period", Some(period))]))),
    ])
}
