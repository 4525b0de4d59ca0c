//! The one table of words, units and codes, shared with the doctor's page: `data/display.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::tree::Node;

/// The table itself, to be served to the doctor's page. Its keys are described in `data/README.md`.
pub const DISPLAY_JSON: &str = include_str!("../data/display.json");

static ROOT: LazyLock<Node<'static>> = LazyLock::new(|| Node::parse(DISPLAY_JSON));

type Map = HashMap<String, String>;

static MAPS: LazyLock<HashMap<String, Map>> = LazyLock::new(|| {
    let mut maps = HashMap::new();
    collect("", &ROOT, &mut maps);
    maps
});

/// Every object of strings in the table, under its path.
fn collect(path: &str, node: &Node<'static>, maps: &mut HashMap<String, Map>) {
    let mut map = Map::new();
    for (key, value) in node.members() {
        match value {
            Node::Text(text) => {
                map.insert(key.get().into_owned(), text.get().into_owned());
            }
            Node::Object(_) => {
                let inner =
                    if path.is_empty() { key.get().into_owned() } else { format!("{path}.{}", key.get()) };
                collect(&inner, value, maps);
            }
            _ => {}
        }
    }
    maps.insert(path.to_owned(), map);
}

/// A word of the table: `word("en.flags", "high")`.
pub(crate) fn word(path: &str, key: &str) -> Option<&'static str> {
    MAPS.get(path)?.get(key).map(String::as_str)
}

/// A part of the table.
pub(crate) fn part(path: &[&str]) -> &'static Node<'static> {
    path.iter().fold(&*ROOT, |node, key| node.at(key))
}

/// A phrase of the table with its places filled; the table's tests make sure that each one exists.
pub(crate) fn phrase(key: &str, places: &[(&str, &str)]) -> String {
    fill(word("en.phrases", key).unwrap_or_default(), places)
}

/// Puts texts in the places of a sentence. A text that itself holds braces is left as it is.
pub(crate) fn fill(sentence: &str, places: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            break;
        };
        out.push_str(places.iter().find(|(place, _)| *place == name).map_or("", |(_, text)| text));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// One of two forms: `["1 thing", "things"]` of `path`.
pub(crate) fn plural(path: &[&str], one: bool) -> String {
    let forms = part(path);
    let form = forms.items().nth(usize::from(!one)).and_then(Node::text);
    form.unwrap_or_default().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_places_once() {
        assert_eq!(fill("{a} to {b}", &[("a", "{b}"), ("b", "2")]), "{b} to 2");
        assert_eq!(phrase("to", &[("low", "1"), ("high", "3")]), "1 to 3");
    }

    #[test]
    fn every_phrase_used_in_the_code_is_in_the_table() {
        let source = concat!(
            include_str!("card/mod.rs"),
            include_str!("card/clinical.rs"),
            include_str!("card/medicine.rs"),
            include_str!("card/observation.rs"),
            include_str!("card/paper.rs"),
            include_str!("card/care.rs"),
            include_str!("date.rs"),
            include_str!("flag.rs"),
            include_str!("label.rs"),
            include_str!("timeline.rs"),
            include_str!("value.rs"),
        );
        let mut seen = 0;
        for call in source.split("phrase(\"").skip(1) {
            let key = call.split('"').next().unwrap();
            assert!(word("en.phrases", key).is_some(), "{key}");
            seen += 1;
        }
        for call in include_str!("dosage.rs").split("say(\"").skip(1) {
            let key = call.split('"').next().unwrap();
            assert!(word("en.dosage", key).is_some(), "{key}");
        }
        assert!(seen > 30);
    }

    #[test]
    fn the_table_is_json_with_all_the_labels_of_kinds() {
        serde_json::from_str::<serde_json::Value>(DISPLAY_JSON).unwrap();
        for kind in crate::Kind::ALL {
            assert!(word("en.kinds", kind.as_str()).is_some());
        }
    }
}
