//! The plain sentences of reason codes in an import report: the wallet's own, else those of the reader of FHIR.

const OWN: &[(&str, &str)] = &[
    ("file-unreadable", "The file could not be read."),
    ("file-too-large", "The file is larger than what is taken in at once."),
    ("file-is-a-link", "A link to another place is not followed."),
    ("not-a-file", "This is neither a file nor a folder."),
    ("folder-too-deep", "The folders are nested too deeply."),
    (
        "too-many-files",
        "Only 100,000 files are looked at in one import; this one and those after it were not.",
    ),
    (
        "record-too-large",
        "The record has more text in its fields than can be listed; it stays in the file, which is kept.",
    ),
    ("known-file", "This very file is here already."),
    ("own-log", "This is the log of a wallet that was exported. It holds no health records."),
    ("own-earlier", "These are older versions of records, from a wallet that was exported."),
    ("put-back", "What was kept of this was damaged or lost. It is whole again."),
    ("new-person", "The file names a person who was not known here; a new person was made."),
    ("other-person", "The file names another person than the one it was filed with."),
    ("filed-with-another-person", "Some of it was here already, filed with another person; there it stays."),
    (
        "several-persons-fit",
        "Several persons here have this name and birth date. It was filed with the first of them.",
    ),
    ("name-differs", "The name differs from the one known of this person."),
    ("birth-date-differs", "The birth date differs from the one known of this person."),
    ("gender-differs", "The gender differs from the one known of this person."),
    (
        "person-not-named",
        "Some records do not say whose they are; they were filed with the owner of this vault.",
    ),
    ("attachment-too-large", "The file is larger than 2 GiB, the most that is kept."),
    ("kept-as-document", "It holds no records that can be read, and is kept as a document."),
    ("zip-broken", "The archive is damaged here, or cut."),
    (
        "zip-encrypted",
        "This part of the archive is locked with a password. Unpack it first, then import what was in it.",
    ),
    ("zip-method", "This part of the archive is packed in a way that is not known here."),
    ("zip-outside", "The name of this part of the archive leads out of it."),
    ("zip-too-deep", "Archives inside archives are opened only two deep."),
    ("file-empty", "The file is empty."),
    ("file-changed", "The file changed while it was read. Try again."),
    ("left-out", "It was left out, as you wished; import the file again to take it in."),
    ("separate-version", "The same record is here with other content; both are kept."),
];

const QUESTIONS: &[(&str, &str)] = &[
    ("new-person", "The file names a person who is not known here."),
    ("other-person", "The file names another person than the one it is to be filed with."),
    (
        "person-differs",
        "The file names a person who is known here by a number, and says something else of them.",
    ),
    ("person-not-named", "The file does not say whose records these are."),
];

/// The sentence for why it is asked whose records a file holds.
pub(crate) fn question(code: &str) -> &'static str {
    QUESTIONS.iter().find(|(known, _)| *known == code).map_or("", |(_, text)| text)
}

/// The sentence of `code`.
pub(crate) fn text(code: &str) -> &'static str {
    match OWN.iter().find(|(known, _)| *known == code) {
        Some((_, text)) => text,
        None => match kosha_legacy::reason_text(code) {
            "" => kosha_fhir::reason_text(code),
            text => text,
        },
    }
}
