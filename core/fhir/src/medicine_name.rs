//! The name of a medicine, taken apart: what it is, in which strengths and forms.
//!
//! Two names are the same medicine only where all three agree. Nothing is guessed: a name without a strength agrees with
//! no name that has one.

/// Units of mass, each with its power of ten over a microgram.
const MASS: &[(&str, i32)] = &[
    ("mcg", 0),
    ("µg", 0),
    ("μg", 0),
    ("ug", 0),
    ("microgram", 0),
    ("micrograms", 0),
    ("mg", 3),
    ("milligram", 3),
    ("milligrams", 3),
    ("g", 6),
    ("gm", 6),
    ("gram", 6),
    ("grams", 6),
];

/// Other units of a strength, each with the word it is compared by.
const UNITS: &[(&str, &str)] = &[
    ("ml", "ml"),
    ("milliliter", "ml"),
    ("millilitre", "ml"),
    ("l", "l"),
    ("iu", "iu"),
    ("unt", "iu"),
    ("unit", "iu"),
    ("units", "iu"),
    ("u", "iu"),
    ("%", "%"),
    ("meq", "meq"),
    ("mmol", "mmol"),
    ("actuat", "dose"),
    ("actuation", "dose"),
    ("puff", "dose"),
    ("dose", "dose"),
    ("hr", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("h", "h"),
    ("sqcm", "cm2"),
    ("million", "million"),
];

/// Words of a form or a way of release, each with the word it is compared by; empty: says nothing.
const FORMS: &[(&str, &str)] = &[
    ("tablet", "tablet"),
    ("tablets", "tablet"),
    ("tab", "tablet"),
    ("tabs", "tablet"),
    ("capsule", "capsule"),
    ("capsules", "capsule"),
    ("cap", "capsule"),
    ("caps", "capsule"),
    ("syrup", "syrup"),
    ("syp", "syrup"),
    ("syr", "syrup"),
    ("suspension", "suspension"),
    ("susp", "suspension"),
    ("elixir", "elixir"),
    ("injection", "injection"),
    ("injections", "injection"),
    ("injectable", "injection"),
    ("inj", "injection"),
    ("infusion", "infusion"),
    ("solution", "solution"),
    ("soln", "solution"),
    ("drop", "drops"),
    ("drops", "drops"),
    ("cream", "cream"),
    ("ointment", "ointment"),
    ("oint", "ointment"),
    ("gel", "gel"),
    ("lotion", "lotion"),
    ("shampoo", "shampoo"),
    ("foam", "foam"),
    ("inhaler", "inhaler"),
    ("inhalant", "inhalant"),
    ("inhalation", "inhalation"),
    ("rotacap", "rotacap"),
    ("rotacaps", "rotacap"),
    ("respules", "respules"),
    ("nebulizer", "nebulizer"),
    ("nebuliser", "nebulizer"),
    ("spray", "spray"),
    ("patch", "patch"),
    ("implant", "implant"),
    ("ring", "ring"),
    ("system", "system"),
    ("powder", "powder"),
    ("sachet", "sachet"),
    ("sachets", "sachet"),
    ("granules", "granules"),
    ("lozenge", "lozenge"),
    ("suppository", "suppository"),
    ("pessary", "pessary"),
    ("pill", "pill"),
    ("vial", "vial"),
    ("ampoule", "ampoule"),
    ("syringe", "syringe"),
    ("prefilled", "syringe"),
    ("pen", "pen"),
    ("pack", "pack"),
    ("metered", "metered"),
    ("sr", "sr"),
    ("sustained", "sr"),
    ("xr", "er"),
    ("er", "er"),
    ("xl", "er"),
    ("extended", "er"),
    ("cr", "cr"),
    ("controlled", "cr"),
    ("mr", "mr"),
    ("modified", "mr"),
    ("dr", "dr"),
    ("delayed", "dr"),
    ("ec", "ec"),
    ("enteric", "ec"),
    ("la", "la"),
    ("chewable", "chewable"),
    ("dispersible", "dispersible"),
    ("effervescent", "effervescent"),
    ("disintegrating", "disintegrating"),
    ("sublingual", "sublingual"),
    ("topical", "topical"),
    ("ophthalmic", "eye"),
    ("eye", "eye"),
    ("otic", "ear"),
    ("ear", "ear"),
    ("nasal", "nose"),
    ("transdermal", "transdermal"),
    ("vaginal", "vaginal"),
    ("rectal", "rectal"),
    ("oral", "oral"),
];

/// Words that are part of a term and of no medicine.
const SILENT: &[&str] = &[
    "release",
    "film",
    "coated",
    "product",
    "medicinal",
    "clinical",
    "drug",
    "containing",
    "precisely",
    "only",
    "and",
    "in",
    "of",
    "with",
    "per",
    "form",
    "as",
    "the",
];

/// Words of an allergy's name that are not the substance.
const ALLERGY_WORDS: &[&str] = &[
    "allergy",
    "allergic",
    "allergies",
    "to",
    "hypersensitivity",
    "intolerance",
    "disorder",
    "finding",
    "substance",
    "reaction",
    "reactions",
    "adverse",
    "caused",
    "by",
    "propensity",
    "known",
    "history",
    "medication",
    "medicine",
    "medicines",
    "agent",
    "class",
];

/// Whether a word of a name says that it is of an allergy or a medicine, and not of which.
pub fn is_allergy_word(word: &str) -> bool {
    ALLERGY_WORDS.contains(&word)
}

/// Salts and waters: beside another word they make no other substance.
const SALTS: &[&str] = &[
    "sodium",
    "potassium",
    "calcium",
    "hydrochloride",
    "hcl",
    "hydrobromide",
    "sulfate",
    "phosphate",
    "maleate",
    "besylate",
    "besilate",
    "trihydrate",
    "monohydrate",
    "dihydrate",
    "anhydrous",
    "acetate",
    "citrate",
    "tartrate",
    "succinate",
    "fumarate",
    "mesylate",
    "acid",
];

/// A name taken apart.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct MedicineName {
    /// What is left when strengths and forms are taken out: lower-case words with single spaces.
    pub base: String,
    /// Strengths in the order of the name, each comparable as text: `500000 µg`, `5000 µg/ml`, `20 %`, `650` (no unit).
    pub strengths: Vec<String>,
    /// Forms and ways of release, sorted.
    pub forms: Vec<String>,
}

enum Token {
    Number(String),
    Word(String),
    Slash,
}

/// Whether a character separates words.
fn parts(c: char) -> bool {
    c.is_whitespace() || c.is_control() || (c.is_ascii_punctuation() && c != '%')
}

fn tokens(text: &str) -> Vec<Token> {
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = if first == '/' {
            found.push(Token::Slash);
            1
        } else if first == '%' {
            found.push(Token::Word("%".to_owned()));
            1
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
            let digits = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',']);
            found.push(Token::Number(number(digits)));
            digits.len()
        } else if parts(first) {
            first.len_utf8()
        } else {
            let end = rest.find(|c: char| parts(c) || c == '%').unwrap_or(rest.len());
            found.push(Token::Word(rest.get(..end).unwrap_or_default().replace("sulph", "sulf")));
            end
        };
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    found
}

/// `1,000` and `1000.0` as `1000`; `2,5` as `2.5`.
fn number(digits: &str) -> String {
    let thousands = digits.split(',').skip(1).all(|group| group.split('.').next().map(str::len) == Some(3));
    let plain = if thousands { digits.replace(',', "") } else { digits.replace(',', ".") };
    scaled(&plain, 0).unwrap_or(plain)
}

/// A decimal moved by powers of ten, without needless zeros. `None` where there is more than one point.
fn scaled(digits: &str, power: i32) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.contains('.') {
        return None;
    }
    let mut whole = whole.to_owned();
    let mut fraction = fraction.chars();
    for _ in 0..power {
        whole.push(fraction.next().unwrap_or('0'));
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.as_str().trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// A number with its unit, comparable as text; `None` where the word is no unit.
fn measured(digits: &str, unit: &str) -> Option<String> {
    if let Some((_, power)) = MASS.iter().find(|(word, _)| *word == unit) {
        return scaled(digits, *power).map(|digits| format!("{digits} µg"));
    }
    UNITS.iter().find(|(word, _)| *word == unit).map(|(_, unit)| format!("{digits} {unit}"))
}

/// A number with its unit and what it is in (`5 mg/ml`, `125 mg/5 ml`), and how many tokens behind it belong to it.
fn strength(digits: &str, behind: &[Token]) -> (String, usize) {
    let unit = |digits: &str, token: Option<&Token>| match token {
        Some(Token::Word(word)) => measured(digits, word),
        _ => None,
    };
    let Some(amount) = unit(digits, behind.first()) else { return (digits.to_owned(), 0) };
    if !matches!(behind.get(1), Some(Token::Slash)) {
        return (amount, 1);
    }
    let (volume, used) = match behind.get(2) {
        Some(Token::Number(volume)) => (unit(volume, behind.get(3)), 4),
        token => (unit("1", token), 3),
    };
    volume.map_or_else(|| (amount.clone(), 1), |volume| (format!("{amount}/{volume}"), used))
}

impl MedicineName {
    /// Takes a name apart.
    pub fn read(text: &str) -> Self {
        let mut name = Self::default();
        let mut words: Vec<&str> = Vec::new();
        let tokens = tokens(text);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                Token::Slash => {}
                Token::Number(digits) => {
                    let (strength, used) = strength(digits, tokens.get(at..).unwrap_or_default());
                    at += used;
                    if strength.ends_with(" h") {
                        name.forms.push(strength);
                    } else {
                        name.strengths.push(strength);
                    }
                }
                Token::Word(word) => {
                    let form = FORMS.iter().find(|(known, _)| known == word).map(|(_, form)| *form);
                    match form.or_else(|| (at == 1 && word == "t").then_some("tablet")) {
                        Some(form) => name.forms.push(form.to_owned()),
                        None if SILENT.contains(&word.as_str()) => {}
                        None => words.push(word),
                    }
                }
            }
        }
        name.forms.sort_unstable();
        name.forms.dedup();
        if name.forms.iter().any(|form| form == "tablet" || form == "capsule") {
            name.forms.retain(|form| form != "oral");
        }
        name.base = if words.is_empty() { crate::clean(text).to_lowercase() } else { words.join(" ") };
        name
    }

    /// The words that name the substance: of the name of a medicine, or of an allergy (`Allergy to penicillin`). Salts
    /// count only where nothing else is there.
    pub fn substance(&self) -> Vec<&str> {
        let words: Vec<&str> = self
            .base
            .split(' ')
            .filter(|word| !word.is_empty() && !is_allergy_word(word) && !SILENT.contains(word))
            .collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !SALTS.contains(word)).collect();
        if telling.is_empty() { words } else { telling }
    }

    /// Whether one of the two names a substance that the other names too, by whole words. Says nothing of classes of
    /// substances: it does not know that amoxicillin is a penicillin.
    pub fn shares_substance(&self, other: &Self) -> bool {
        let (own, theirs) = (self.substance(), other.substance());
        let within = |few: &[&str], many: &[&str]| {
            few.iter().all(|word| many.contains(word))
                && few.iter().any(|word| word.chars().count() > 3 || !word.is_ascii())
        };
        within(&own, &theirs) || within(&theirs, &own)
    }
}

impl std::fmt::Debug for MedicineName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("MedicineName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::MedicineName;
    use proptest::prelude::*;

    fn parts(text: &str) -> (String, String, String) {
        let name = MedicineName::read(text);
        (name.base.clone(), name.strengths.join("; "), name.forms.join("; "))
    }

    #[test]
    fn strength_and_form_are_taken_out_of_a_name() {
        for (text, base, strengths, forms) in [
            ("Metformin 500 MG Oral Tablet", "metformin", "500000 µg", "tablet"),
            ("Tab. Metformin 0.5 g", "metformin", "500000 µg", "tablet"),
            ("T. Metformin 500", "metformin", "500", "tablet"),
            (
                "24 HR Metformin 500 MG Extended Release Oral Tablet",
                "metformin",
                "500000 µg",
                "24 h; er; tablet",
            ),
            (
                "Amlodipine 5 MG / Olmesartan 20 MG Oral Tablet",
                "amlodipine olmesartan",
                "5000 µg; 20000 µg",
                "tablet",
            ),
            ("Amoxicillin 125mg/5ml Syrup", "amoxicillin", "125000 µg/5 ml", "syrup"),
            (
                "Insulin 100 UNT/ML Injectable Solution [Humalog]",
                "insulin humalog",
                "100 iu/1 ml",
                "injection; solution",
            ),
            ("Vitamin B12 1,000 mcg", "vitamin b12", "1000 µg", ""),
            ("पैरासिटामोल 650 mg", "पैरासिटामोल", "650000 µg", ""),
            ("Betadine 5% ointment", "betadine", "5 %", "ointment"),
            ("500", "500", "500", ""),
            ("", "", "", ""),
        ] {
            assert_eq!(parts(text), (base.to_owned(), strengths.to_owned(), forms.to_owned()), "{text}");
        }
    }

    #[test]
    fn another_strength_or_form_is_another_medicine() {
        let same = |a, b| MedicineName::read(a) == MedicineName::read(b);
        assert!(same("Tab Metformin 500 mg", "METFORMIN 500MG TABLETS"));
        assert!(!same("Metformin 500 mg", "Metformin 850 mg"));
        assert!(!same("Metformin 500 mg tablet", "Metformin SR 500 mg tablet"));
        assert!(!same("Metformin", "Metformin 500 mg"));
    }

    #[test]
    fn a_substance_is_found_by_whole_words_alone() {
        let shares = |a: &str, b: &str| MedicineName::read(a).shares_substance(&MedicineName::read(b));
        assert!(shares("Penicillin V Potassium 250 MG Oral Tablet", "Penicillin"));
        assert!(shares("Amoxicillin 500 mg", "Allergy to amoxicillin trihydrate"));
        assert!(shares("Aspirin 75 mg", "aspirin allergy (disorder)"));
        assert!(shares("Sulphadiazine", "Sulfadiazine"));
        assert!(!shares("Amoxicillin 500 mg", "Penicillin"));
        assert!(!shares("Potassium Chloride 10 MEQ", "Penicillin V Potassium"));
        assert!(!shares("Ranitidine", "Latex"));
        assert!(!shares("Drug", "Drug"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let name = MedicineName::read(&text);
            prop_assert_eq!(MedicineName::read(&text), name);
        }

        #[test]
        fn milligrams_and_grams_agree(milligrams in 1_u32..100_000) {
            let grams = format!("X {}.{:03} g", milligrams / 1000, milligrams % 1000);
            let milligrams = format!("X {milligrams} mg");
            prop_assert_eq!(MedicineName::read(&grams), MedicineName::read(&milligrams));
        }
    }
}
