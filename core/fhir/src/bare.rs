//! A card's title without what the card puts before it.

use std::sync::LazyLock;

use crate::kind::Kind;
use crate::language::Language;
use crate::standing::Standing;

/// What stands before and behind a name, in a sentence.
type Around = (String, String);

static STANDINGS: LazyLock<Vec<Around>> = LazyLock::new(|| {
    let keys = [
        "in-error",
        "refuted",
        "not-done",
        "not-given",
        "do-not-take",
        "do-not-perform",
        "do-not-give",
        "cancelled",
        "not-taken",
        "suspected",
        "unconfirmed",
        "suggested",
        "planned",
        "advised",
        "draft",
        "due",
        "missed",
        "declined",
    ];
    sentences("standing", &keys, "title")
});

static ALLERGIES: LazyLock<Vec<Around>> =
    LazyLock::new(|| sentences("phrases", &["allergy", "intolerance"], "x"));

/// The sentences of all languages: a card keeps the language in which its record came in.
fn sentences(section: &str, keys: &[&str], place: &str) -> Vec<Around> {
    const MARK: &str = "\u{1}";
    let of = |language: &Language| {
        let language = *language;
        keys.iter().filter_map(move |key| {
            let sentence = language.say(section, key, &[(place, MARK)]);
            sentence.split_once(MARK).map(|(before, after)| (before.to_owned(), after.to_owned()))
        })
    };
    let mut all: Vec<Around> = Language::ALL.iter().flat_map(of).collect();
    all.retain(|(before, after)| !before.is_empty() || !after.is_empty());
    all.sort();
    all.dedup();
    all
}

/// The name that the source gave, out of the title of a card: `Do NOT take: X` and `Allergy: X` are `X`. For lists that
/// say standing and kind in a place of their own; whoever shows a bare name has to.
pub fn bare_title(title: &str, kind: Kind, standing: Standing) -> &str {
    let mut bare = title;
    if standing != Standing::Fact {
        bare = without(bare, &STANDINGS);
    }
    if kind == Kind::Allergy {
        bare = without(bare, &ALLERGIES);
    }
    bare
}

/// What is left when the longest of the sentences is taken away.
fn without<'a>(text: &'a str, sentences: &[Around]) -> &'a str {
    let within = |(before, after): &Around| {
        let inner = text.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?.trim();
        (!inner.is_empty()).then_some(inner)
    };
    sentences.iter().filter_map(within).min_by_key(|inner| inner.len()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_card_put_before_a_name_is_taken_away() {
        let of = bare_title;
        assert_eq!(of("Do NOT take: Thornapple", Kind::Medicine, Standing::DoNotPerform), "Thornapple");
        assert_eq!(of("Not confirmed: Allergy: Zebra", Kind::Allergy, Standing::Unconfirmed), "Zebra");
        assert_eq!(of("Intolerance: Milk", Kind::Allergy, Standing::Fact), "Milk");
        assert_eq!(of("Draft: the novel", Kind::Medicine, Standing::Fact), "Draft: the novel");
        assert_eq!(of("Planned: ", Kind::Medicine, Standing::Planned), "Planned: ");
        for language in Language::ALL {
            let allergy = language.say("phrases", "allergy", &[("x", "Zebra")]);
            let title = language.say("standing", "refuted", &[("title", &allergy)]);
            assert_ne!(title, "Zebra");
            assert_eq!(of(&title, Kind::Allergy, Standing::Refuted), "Zebra", "{language}");
        }
    }
}
