//! The one table of units and codes, shared with the doctor's page: `data/display.json`. Its part `en`, words in
//! English, is written from `languages/en/display.ftl` for the page alone; here words come from [`crate::Language`].

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::tree::Node;

/// The table itself, to be served to the doctor's page. Its keys are described in `data/README.md`.
pub const DISPLAY_JSON: &str = include_str!("../data/display.json");

static ROOT: LazyLock<Node<'static>> = LazyLock::new(|| Node::parse(DISPLAY_JSON));

type Map = FxHashMap<String, String>;

static MAPS: LazyLock<FxHashMap<String, Map>> = LazyLock::new(|| {
    let mut maps = FxHashMap::default();
    collect("", &ROOT, &mut maps);
    maps
});

/// Every object of strings in the table, under its path.
fn collect(path: &str, node: &Node<'static>, maps: &mut FxHashMap<String, Map>) {
    let mut map = Map::default();
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

/// A word of the table: `word("interpretation", "H")`.
pub(crate) fn word(path: &str, key: &str) -> Option<&'static str> {
    MAPS.get(path)?.get(key).map(String::as_str)
}

/// A part of the table.
pub(crate) fn part(path: &[&str]) -> &'static Node<'static> {
    path.iter().fold(&*ROOT, |node, key| node.at(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_json_with_the_kind_of_every_word() {
        serde_json::from_str::<serde_json::Value>(DISPLAY_JSON).unwrap();
        assert!(MAPS["kinds"].values().all(|word| word.parse::<crate::Kind>().is_ok()));
    }
}
