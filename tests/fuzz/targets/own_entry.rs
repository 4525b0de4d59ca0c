//! What people type: refused with a reason, or a resource that is read back, and can be removed.
//! An input is a text of lines: the sort of entry, when, a remark, then what the entry asks for.
#![no_main]

use kosha_fhir::own::{
    Allergy, By, Measured, Medicine, Now, OwnDate, OwnEntry, Problem, Refused, Setting, Subject, Vaccination,
    Visit, What, Words, Written, own_mark, same_said, withdrawn,
};
use kosha_fhir::{Standing, card_of};

const NOW: Now = Now { ms: 1_790_000_000_000, offset_minutes: Some(330) };
const IDENTIFIER: &str = "urn:uuid:0b6f2a3c-58d1-4e57-9a41-7c7a5e0d3f10";

libfuzzer_sys::fuzz_target!(|text: &str| {
    if text.len() <= 8 << 10
        && let Err(refused) = add(text)
    {
        assert!(!refused.to_string().is_empty());
    }
});

fn add(text: &str) -> Result<(), Refused> {
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let sort = next();
    let (when, note) = (optional(next(), date)?, optional(next(), Words::note)?);
    let entry = entry(sort, &mut next)?;
    entry.check(when.as_ref())?;
    let written = Written {
        subject: &Subject::default(),
        by: &By::Patient,
        when: when.as_ref(),
        note: note.as_ref(),
        now: NOW,
        identifier: IDENTIFIER,
        version: 1,
    };
    let resource = entry.to_resource(&written);
    kosha_fuzz::fhir(&resource);
    let mark = own_mark(&resource).expect("an own entry says so");
    assert!(mark.sort == entry.sort() && mark.identifier == IDENTIFIER && !mark.removed);
    assert!(same_said(&resource, &entry.to_resource(&Written { version: 2, ..written })));
    let removed = withdrawn(&resource, NOW).expect("an own entry can be removed");
    kosha_fuzz::fhir(&removed);
    assert!(own_mark(&removed).is_some_and(|mark| mark.removed && mark.version == 2));
    let card = card_of(&removed, &[], &kosha_fuzz::limits()).expect("what was written is read");
    assert!(card.standing == Standing::InError);
    Ok(())
}

fn entry<'t>(sort: &str, next: &mut impl FnMut() -> &'t str) -> Result<OwnEntry, Refused> {
    let measured = |what, text| Measured::parse(what, text).map(OwnEntry::Measure);
    Ok(match sort {
        "weight" => measured(What::Weight, next())?,
        "height" => measured(What::Height, next())?,
        "pulse" => measured(What::Pulse, next())?,
        "temperature" => measured(What::Temperature, next())?,
        "oxygen" => measured(What::Oxygen, next())?,
        "pressure" => OwnEntry::blood_pressure(next())?,
        "sugar" => OwnEntry::Sugar {
            value: Measured::parse(What::Sugar, next())?,
            meal: kosha_fhir::own::Meal::Fasting,
        },
        "medicine" => OwnEntry::Medicine(Box::new(Medicine {
            name: name(next())?,
            strength: optional(next(), name)?,
            dose: optional(next(), name)?,
            times_a_day: next().parse().ok(),
            when: optional(next(), name)?,
            as_needed: next() == "as needed",
            since: optional(next(), date)?,
            until: optional(next(), |text| OwnDate::parse_any(text, NOW))?,
            reason: optional(next(), name)?,
        })),
        "allergy" => OwnEntry::Allergy(Box::new(Allergy {
            what: name(next())?,
            reaction: optional(next(), name)?,
            severity: None,
            serious: next() == "serious",
        })),
        "problem" => {
            OwnEntry::Problem(Box::new(Problem { what: name(next())?, until: optional(next(), date)? }))
        }
        "vaccination" => OwnEntry::Vaccination(Box::new(Vaccination {
            vaccine: name(next())?,
            dose: next().parse().ok(),
            place: optional(next(), name)?,
        })),
        "visit" => OwnEntry::Visit(Box::new(Visit {
            place: name(next())?,
            who: optional(next(), name)?,
            reason: optional(next(), name)?,
            setting: Setting::Stay,
            until: optional(next(), date)?,
        })),
        "blood group" => OwnEntry::BloodGroup(next().parse()?),
        _ => OwnEntry::Note(Words::note(next())?),
    })
}

fn name(text: &str) -> Result<Words, Refused> {
    Words::new("the name", text)
}

fn date(text: &str) -> Result<OwnDate, Refused> {
    OwnDate::parse(text, NOW)
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Result<T, Refused>) -> Result<Option<T>, Refused> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}
