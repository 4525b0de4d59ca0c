//! A `CodeableConcept` in words.

use crate::language::Language;
use crate::table::{part, word};
use crate::tree::Node;

/// Longest text on a card, in characters, the ellipsis included.
const LONGEST: usize = 200;

/// Makes foreign text fit for a card: white space collapsed, control, zero-width and bidi control characters
/// dropped, 200 characters at most. ZWJ and ZWNJ stay, since Devanagari and Malayalam need them.
pub fn clean(text: &str) -> String {
    clip(&tidy(text), LONGEST)
}

/// [`clean`] without the limit.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for char in text.chars() {
        match char {
            ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' => gap = true,
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {}
            char => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(char);
            }
        }
    }
    out
}

/// Cuts to a number of characters with an ellipsis, never between a letter and its marks.
pub(crate) fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().take(longest).collect();
    let mut end = longest.saturating_sub(1);
    while end > 0 && chars.get(end).is_some_and(|char| is_mark(*char)) {
        end -= 1;
    }
    let cut: String = chars.iter().take(end).collect();
    format!("{}…", cut.trim_end_matches(['\u{200d}', ' ']))
}

/// Characters that belong to the one before them: combining marks of Latin and of the Indic scripts, joiners.
fn is_mark(char: char) -> bool {
    let code = u32::from(char);
    matches!(code, 0x300..=0x36f | 0x200c..=0x200d | 0xfe00..=0xfe0f)
        || ((0x900..=0xdff).contains(&code)
            && matches!(code & 0x7f, 0x00..=0x03 | 0x3a..=0x3c | 0x3e..=0x4f | 0x51..=0x57 | 0x62..=0x63))
}

/// The short name of a code system (`LOINC` of `http://loinc.org`); `None` of one that is not known here.
pub fn system_name(system: &str) -> Option<&'static str> {
    word("systems", system)
}

fn is_empty_word(text: &str) -> bool {
    // The longest of them is short; a name is not looked up. "Na" as laboratories write it is sodium.
    text.len() <= 16 && text != "Na" && {
        let lower = text.to_lowercase();
        part(&["emptyWords"]).items().any(|word| matches!(word, Node::Text(word) if word.is(&lower)))
    }
}

/// True for what may not be shown as a text: addresses, OIDs, nothing.
fn is_noise(text: &str) -> bool {
    text.is_empty()
        || is_empty_word(text)
        || ["http://", "https://", "urn:", "[object"].iter().any(|start| text.starts_with(start))
        || (text.len() > 6
            && text.contains('.')
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && text.matches('.').count() > 2)
}

fn usable(text: Option<std::borrow::Cow<'_, str>>) -> Option<String> {
    text.map(|text| clean(&text)).filter(|text| !is_noise(text))
}

/// The codings of a concept; a lone Coding or a bare code count too.
pub(crate) fn codings<'n, 'a>(concept: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    let coding = concept.at("coding");
    let whole =
        concept.there() && !coding.there() && (concept.at("code").there() || concept.at("display").there());
    coding
        .items()
        .filter(|coding| coding.there())
        .chain(std::slice::from_ref(concept).iter().filter(move |_| whole))
}

/// True when any coding has one of these codes.
pub(crate) fn has_code(concept: &Node<'_>, codes: &[&str]) -> bool {
    concept.items().any(|concept| {
        codings(concept).any(|coding| coding.str("code").is_some_and(|code| codes.contains(&&*code)))
            || matches!(concept, Node::Text(text) if codes.iter().any(|code| text.is(code)))
    })
}

/// The words of a concept, by the display rules: its text, a coding's display in the field's order of systems,
/// the built-in table `set`, "Code x (system)". `None` when the concept holds nothing.
pub(crate) fn label(language: Language, concept: &Node<'_>, field: &str, set: &str) -> Option<String> {
    // R5: a CodeableReference holds the concept within.
    let concept = if concept.at("concept").there() { concept.at("concept") } else { concept };
    let concept = if matches!(concept, Node::List(_)) { concept.first() } else { concept };
    if let Node::Text(text) = concept {
        let text = clean(&text.get());
        return built_in_code(language, &text, set)
            .map(str::to_owned)
            .or_else(|| (!is_noise(&text)).then_some(text));
    }
    if let Some(text) = usable(concept.str("text"))
        && !codings(concept).any(|coding| coding.str("code").is_some_and(|code| code == text))
    {
        return Some(text);
    }
    let picked = |coding: &Node<'_>| coding.truth("userSelected") == Some(true);
    if let Some(text) = codings(concept).filter(|coding| picked(coding)).find_map(display) {
        return Some(text);
    }
    for name in part(&["codingOrder", field]).items().filter_map(Node::text) {
        let of_system = |coding: &&Node<'_>| {
            coding.str("system").is_some_and(|system| system_name(&system) == Some(&*name))
        };
        if let Some(text) = codings(concept).filter(of_system).find_map(display) {
            return Some(text);
        }
    }
    codings(concept)
        .find_map(display)
        .or_else(|| built_in(language, concept, set))
        // Words that are the code as well are words all the same.
        .or_else(|| usable(concept.str("text")))
        .or_else(|| bare_code(language, concept))
}

/// The display of a coding, a LOINC long name made shorter.
fn display(coding: &Node<'_>) -> Option<String> {
    let text = usable(coding.str("display"))?;
    // A display that only repeats the code says nothing.
    if coding.str("code").is_some_and(|code| code == text) {
        return None;
    }
    let loinc = coding.str("system").and_then(|system| system_name(&system)) == Some("LOINC");
    Some(if loinc { short_loinc(&text) } else { text })
}

/// Drops `[Mass/volume]` and the commonest specimen.
fn short_loinc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    for char in text.chars() {
        match char {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            char if depth == 0 => out.push(char),
            _ => {}
        }
    }
    let out = tidy(&out);
    let out = out.strip_suffix(" in Serum or Plasma").unwrap_or(&out);
    if out.is_empty() || depth > 0 { text.to_owned() } else { out.to_owned() }
}

fn built_in_code(language: Language, code: &str, set: &str) -> Option<&'static str> {
    if set.is_empty() { None } else { language.label(set, code) }
}

/// A name from the table: first of the field's own set, then of the code's system.
pub(crate) fn built_in(language: Language, concept: &Node<'_>, set: &str) -> Option<String> {
    codings(concept).find_map(|coding| {
        let code = coding.str("code")?;
        built_in_code(language, &code, set)
            .or_else(|| language.label(system_name(&coding.str("system")?)?, &code))
            .map(str::to_owned)
    })
}

/// A built-in name first, the source's words else: for small closed sets (status, class, route).
pub(crate) fn known(language: Language, concept: &Node<'_>, set: &str) -> Option<String> {
    let concept = if matches!(concept, Node::List(_)) { concept.first() } else { concept };
    if let Node::Text(text) = concept {
        return built_in_code(language, &text.get(), set).map(str::to_owned);
    }
    built_in(language, concept, set)
}

fn bare_code(language: Language, concept: &Node<'_>) -> Option<String> {
    let coding = codings(concept).find(|coding| coding.at("code").there())?;
    let code = clean(&coding.str("code")?);
    let system = coding.str("system").and_then(|system| system_name(&system));
    let system = system.map_or_else(|| language.phrase("localCode", &[]), str::to_owned);
    Some(language.phrase("code", &[("code", &code), ("system", &system)]))
}

/// Every (system, code) of a concept, for search and sensitivity.
pub(crate) fn codes(concept: &Node<'_>, into: &mut Vec<(String, String)>) {
    for concept in concept.items() {
        let concept = if concept.at("concept").there() { concept.at("concept") } else { concept };
        for coding in codings(concept) {
            if let Some(code) = coding.str("code") {
                let pair = (coding.str("system").unwrap_or_default().into_owned(), code.into_owned());
                if into.len() < 32 && !into.contains(&pair) {
                    into.push(pair);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str, field: &str) -> String {
        label(Language::English, &Node::parse(json), field, "").unwrap_or_else(|| "nothing".into())
    }

    #[test]
    fn text_comes_first_unless_it_says_nothing() {
        assert_eq!(of(r#"{"text":" Hb \n level "}"#, "lab"), "Hb level");
        assert_eq!(
            of(r#"{"text":"unknown","coding":[{"code":"x","display":"Fever"}]}"#, "condition"),
            "Fever"
        );
        assert_eq!(
            of(r#"{"text":"718-7","coding":[{"system":"http://loinc.org","code":"718-7"}]}"#, "lab"),
            "Haemoglobin"
        );
        assert_eq!(
            of(r#"{"text":"http://x.example/y","coding":[{"code":"q1"}]}"#, "lab"),
            "Code q1 (local code)"
        );
    }

    #[test]
    fn displays_follow_the_order_of_systems() {
        let both = r#"{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"1","display":"NDC name"},{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"2","display":"Rx name"}]}"#;
        assert_eq!(of(both, "medication"), "Rx name");
        assert_eq!(of(both, "other"), "NDC name");
        assert_eq!(
            of(
                r#"{"coding":[{"system":"http://loinc.org","code":"1","display":"Glucose [Mass/volume] in Serum or Plasma"}]}"#,
                "lab"
            ),
            "Glucose"
        );
        assert_eq!(
            of(
                r#"{"coding":[{"code":"1","display":"A"},{"code":"2","display":"B","userSelected":true}]}"#,
                "lab"
            ),
            "B"
        );
        assert_eq!(of("{}", "lab"), "nothing");
        assert_eq!(of(r#"{"concept":{"text":"Aspirin"}}"#, "medication"), "Aspirin");
    }

    #[test]
    fn cleaning_keeps_joiners_and_drops_tricks() {
        assert_eq!(clean("  a\u{202e}b\u{0}\u{7}c\u{200b}  d\u{2066} "), "abc d");
        assert_eq!(clean("क्\u{200d}ष"), "क्\u{200d}ष");
        let long = clean(&"x".repeat(500));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with('…'));
        // A vowel sign is never cut from its letter.
        assert!(clean(&"कि".repeat(150)).trim_end_matches('…').ends_with('ि'));
    }
}
