//! Empty sections of somebody's summary, and the reason they give.

use serde_json::Value;

use super::section::Section;
use crate::Kind;

/// Most sections of one resource that are looked at.
const MAX_SECTIONS: usize = 256;

/// A section of a `Composition`, or a `List`, that is empty and says why.
#[derive(Clone, PartialEq, Eq)]
pub struct EmptySection {
    /// What it would hold: [`Kind::Allergy`], [`Kind::Medicine`] or [`Kind::Problem`], the three that are always spoken of.
    pub kind: Kind,
    /// Its source knows of none (`nilknown`), which is more than holding none.
    pub nil_known: bool,
    /// The reason in words, where its source gave one.
    pub text: Option<String>,
}

/// The empty sections of a `Composition` or `List` (`emptyReason`), for the three kinds that are always spoken of; none where
/// it cannot be read. Sources: FHIR R4 `Composition.section.emptyReason` and `List.emptyReason`; IPS 2.0.1.
pub fn empty_sections(resource: &[u8]) -> Vec<EmptySection> {
    let Ok(value) = serde_json::from_slice::<Value>(resource) else { return Vec::new() };
    let sections = value.get("section").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    std::iter::once(&value).chain(sections.iter().take(MAX_SECTIONS)).filter_map(empty).collect()
}

fn empty(holder: &Value) -> Option<EmptySection> {
    let reason = holder.get("emptyReason")?;
    let codes = codes(holder.get("code")?);
    let kind = Section::all().find_map(|section| {
        section.required_kind().filter(|_| codes.iter().any(|code| *code == section.loinc()))
    })?;
    Some(EmptySection {
        kind,
        nil_known: self::codes(reason).contains(&"nilknown"),
        text: reason.get("text").and_then(Value::as_str).map(str::to_owned),
    })
}

fn codes(concept: &Value) -> Vec<&str> {
    let codings = concept.get("coding").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    codings.iter().take(16).filter_map(|coding| coding.get("code")?.as_str()).collect()
}

impl std::fmt::Debug for EmptySection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmptySection").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{EmptySection, empty_sections};
    use crate::Kind;

    #[test]
    fn sections_and_lists_that_say_why_they_are_empty() {
        let composition = br#"{"resourceType":"Composition","section":[
            {"code":{"coding":[{"code":"x"},{"system":"http://loinc.org","code":"48765-2"}]},
             "emptyReason":{"coding":[{"code":"nilknown"}],"text":"No known allergies"}},
            {"code":{"coding":[{"code":"10160-0"}]},"emptyReason":{"coding":[{"code":"unavailable"}]}},
            {"code":{"coding":[{"code":"11450-4"}]},"entry":[]},
            {"code":{"coding":[{"code":"30954-2"}]},"emptyReason":{"text":"No results"}}]}"#;
        let expected = [
            EmptySection {
                kind: Kind::Allergy,
                nil_known: true,
                text: Some("No known allergies".to_owned()),
            },
            EmptySection { kind: Kind::Medicine, nil_known: false, text: None },
        ];
        assert_eq!(empty_sections(composition), expected);
        let list = br#"{"resourceType":"List","code":{"coding":[{"code":"11450-4"}]},
            "emptyReason":{"coding":[{"code":"nilknown"}]}}"#;
        assert_eq!(empty_sections(list), [EmptySection { kind: Kind::Problem, nil_known: true, text: None }]);
        for odd in [&b"{"[..], b"[]", br#"{"section":{}}"#, br#"{"code":7,"emptyReason":7}"#] {
            assert_eq!(empty_sections(odd), []);
        }
    }
}
