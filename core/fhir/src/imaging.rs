//! Which imaging study a record is of. A study comes in many files, each of which says only of itself that it is a part.

use crate::tree::Node;

/// System under which a record of imaging has the unique number of its study among its codes (DICOM tag 0020,000D).
pub const STUDY: &str = "urn:dicom:uid";

/// System under which what is only one picture of a study has the unique number of its series among its codes (DICOM tag
/// 0020,000E). A record that tells of a whole study has none.
pub const SERIES: &str = "urn:dicom:uid:series";

/// Longest unique number (DICOM PS3.5, section 9.1), behind `urn:oid:`.
const LONGEST: usize = 64;

/// The numbers of study and series in an `ImagingStudy`: since R4 an identifier, in STU3 an element of its own.
pub(crate) fn numbers(root: &Node<'_>) -> Vec<(String, String)> {
    let stated =
        root.at("identifier").items().find(|identifier| identifier.str("system").as_deref() == Some(STUDY));
    let study = stated.and_then(|identifier| identifier.str("value")).or_else(|| root.str("uid"));
    let Some(study) = study.and_then(|uid| number(&uid)) else { return Vec::new() };
    let mut found = vec![(STUDY.to_owned(), study)];
    let mut all = root.at("series").items().filter(|series| series.there());
    let (only, more) = (all.next(), all.next());
    let series = only.filter(|series| {
        more.is_none()
            && series.at("instance").items().count() == 1
            && root.str("numberOfInstances").is_none_or(|count| &*count == "1")
    });
    if let Some(uid) = series.and_then(|series| series.str("uid")).and_then(|uid| number(&uid)) {
        found.push((SERIES.to_owned(), uid));
    }
    found
}

/// A unique number as it is compared: digits and points.
fn number(written: &str) -> Option<String> {
    let digits = written.trim();
    let digits = digits.strip_prefix("urn:oid:").unwrap_or(digits);
    let sound = !digits.is_empty()
        && digits.len() <= LONGEST
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    sound.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::Limits;

    fn codes(study: &str) -> Vec<(String, String)> {
        let reading = crate::read(study.as_bytes(), &Limits::default()).unwrap();
        reading.extract(0).unwrap().codes
    }

    #[test]
    fn a_picture_names_its_study_and_series_and_a_whole_study_only_itself() {
        let named = |system: &str, code: &str| (system.to_owned(), code.to_owned());
        let picture = r#"{"resourceType":"ImagingStudy","identifier":[{"value":"A7"},{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],
            "series":[{"uid":"1.2.4","instance":[{"uid":"1.2.5"}]}]}"#;
        assert_eq!(codes(picture), [named(super::STUDY, "1.2.3"), named(super::SERIES, "1.2.4")]);
        let whole = picture.replace(r#""series""#, r#""numberOfInstances":30,"series""#);
        assert_eq!(codes(&whole), [named(super::STUDY, "1.2.3")]);
        let older =
            r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2.3","series":[{"uid":"urn:oid:1.2.4"}]}"#;
        assert_eq!(codes(older), [named(super::STUDY, "1.2.3")]);
        for none in ["", "urn:oid:", "1.2;3", &"1".repeat(65)] {
            let study = format!(
                r#"{{"resourceType":"ImagingStudy","identifier":[{{"system":"urn:dicom:uid","value":"{none}"}}]}}"#
            );
            assert_eq!(codes(&study), [], "{none}");
        }
    }
}
