//! JSON as it is written here: members in the order in which they were put, numbers with the digits of their source.

use std::fmt::Write as _;

/// A JSON value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Text(String),
    /// Digits as they were written; see [`Json::number`].
    Number(String),
    Bool(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

/// Makes an object out of members, of which those without a value are left out.
pub(crate) fn object<const N: usize>(members: [(&'static str, Option<Json>); N]) -> Json {
    Json::Object(members.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
}

/// A list; none where it would be empty, as FHIR has no empty lists.
pub(crate) fn list(items: impl IntoIterator<Item = Json>) -> Option<Json> {
    let items: Vec<Json> = items.into_iter().collect();
    (!items.is_empty()).then_some(Json::List(items))
}

/// A text; none where it is empty, as FHIR has no empty texts.
pub(crate) fn text(text: impl Into<String>) -> Option<Json> {
    let text = text.into();
    (!text.trim().is_empty()).then_some(Json::Text(text))
}

impl Json {
    /// A number as JSON writes it, of at most 64 letters: `-1.50`. A plus sign and a point without digits on both its sides,
    /// which other formats allow, are mended.
    pub(crate) fn number(written: &str) -> Option<Self> {
        let written = written.trim();
        let (minus, digits) = match written.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", written.strip_prefix('+').unwrap_or(written)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if written.len() > 64
            || (whole.is_empty() && part.is_empty())
            || !are_digits(whole)
            || !are_digits(part)
        {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if part.is_empty() { "" } else { "." };
        Some(Self::Number(format!("{minus}{whole}{point}{part}")))
    }

    /// Adds a member to an object.
    pub(crate) fn put(&mut self, key: &'static str, value: Option<Self>) {
        if let (Self::Object(members), Some(value)) = (self, value) {
            members.retain(|(known, _)| *known != key);
            members.push((key, value));
        }
    }

    /// Adds an item to the list that is a member of an object.
    pub(crate) fn push(&mut self, key: &'static str, item: Self) {
        let Self::Object(members) = self else { return };
        match members.iter_mut().find(|(known, _)| *known == key) {
            Some((_, Self::List(items))) => items.push(item),
            Some(_) => {}
            None => members.push((key, Self::List(vec![item]))),
        }
    }

    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// Takes a member out of an object.
    pub(crate) fn take(&mut self, key: &str) -> Option<Self> {
        let Self::Object(members) = self else { return None };
        let at = members.iter().position(|(known, _)| *known == key)?;
        Some(members.remove(at).1)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_text(text, out),
            Self::Number(digits) => out.push_str(digits),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // A text cannot fail to take what is written into it.
            control if control < ' ' => drop(write!(out, "\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{Json, list, object, text};
    use proptest::prelude::*;

    #[test]
    fn numbers_keep_their_digits_and_what_is_none_is_refused() {
        let written = |number: &str| {
            Json::number(number).map(|number| {
                let mut out = String::new();
                number.write(&mut out);
                out
            })
        };
        for (number, expected) in [
            ("7.40", "7.40"),
            (" -0.5 ", "-0.5"),
            ("+12", "12"),
            (".5", "0.5"),
            ("5.", "5"),
            ("007", "7"),
            ("0", "0"),
            ("178.83981000000000001", "178.83981000000000001"),
        ] {
            assert_eq!(written(number).as_deref(), Some(expected), "{number}");
        }
        for none in ["", ".", "-", "1e5", "1,5", "12 mg", "NaN", "--1", &"9".repeat(65)] {
            assert_eq!(written(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_json(words in prop::collection::vec(".*", 0..6)) {
            let items = words.iter().map(|word| Json::Text(word.clone()));
            let value = object([("a", list(items)), ("b", text(words.join("\n"))), ("c", Some(Json::Bool(true)))]);
            let mut out = String::new();
            value.write(&mut out);
            let read: serde_json::Value = serde_json::from_str(&out).unwrap();
            for (at, word) in words.iter().enumerate() {
                prop_assert_eq!(read["a"][at].as_str(), Some(word.as_str()));
            }
        }
    }
}
