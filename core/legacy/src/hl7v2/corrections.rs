//! Values that are sent more than once: preliminary, final, corrected, deleted.
//!
//! What is sent again is a newer version of what was sent before: it gets the same address and a higher version, in one
//! message as over several. Known again are values of one order, code, sub-id and time (OBR-3 or OBR-2, OBR-4, OBX-3,
//! OBX-4, OBX-14) of one sender. Two values that only look alike are two: where it is in doubt nothing is replaced.

use std::collections::HashMap;

use kosha_fhir::OF_ORDER;

use super::message::Sender;
use super::syntax::Segment;
use crate::timestamp::seconds;

/// Longest address by which a value is known again in another message.
const LONGEST: usize = 512;

/// Most values of one key that are compared with one another: what is sent more often is a series.
const MOST_ALIKE: usize = 64;

/// What a value is known by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Known {
    pub(super) address: String,
    /// A higher one is newer; none where it was sent once and can be known in no other message.
    pub(super) version: Option<u64>,
}

/// Values of a message that are versions of one.
struct Versions<'a> {
    time: &'a str,
    /// Number of the segment and status of each, in their order.
    sent: Vec<(usize, &'a str)>,
}

/// Order, kind of report, code, sub-id.
type Key = [String; 4];

/// What every OBX of a message is known by, by the number of its segment. `number` is that of the message in its file.
pub(super) fn known(number: usize, segments: &[Segment<'_>], sender: &Sender) -> HashMap<usize, Known> {
    let mut found: HashMap<Key, Vec<Versions<'_>>> = HashMap::new();
    let (mut of_order, mut report) = ([String::new(), String::new()], (String::new(), String::new()));
    for segment in segments {
        let named = |n: usize, kind: &str| {
            let id = segment.field(n).raw();
            if id.is_empty() { String::new() } else { format!("{kind}{id}") }
        };
        let first = |ids: [String; 2]| ids.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
        match segment.name() {
            "ORC" => of_order = [named(3, "filler "), named(2, "placer ")],
            "OBR" => {
                let own = first([named(3, "filler "), named(2, "placer ")]);
                let order = if own.is_empty() { first(of_order.clone()) } else { own };
                // Without a number of an order a value can be known within its report alone.
                let order = if order.is_empty() { segment.number.to_string() } else { order };
                report = (order, segment.field(4).raw().to_owned());
            }
            "OBX" => {
                let (code, part) = (segment.field(3).raw(), segment.field(4).raw());
                let key = [report.0.clone(), report.1.clone(), code.to_owned(), part.to_owned()];
                note(found.entry(key).or_default(), segment);
            }
            _ => {}
        }
    }
    let mut out = HashMap::new();
    for (key, values) in &found {
        let mut of_time: HashMap<&str, usize> = HashMap::new();
        for value in values {
            *of_time.entry(value.time).or_default() += 1;
        }
        for value in values {
            let alone = of_time.get(value.time) == Some(&1);
            name(number, sender, key, value, alone, &mut out);
        }
    }
    out
}

/// Puts a value with what it is a newer version of, if that is one thing alone.
fn note<'a>(values: &mut Vec<Versions<'a>>, segment: &Segment<'a>) {
    let (status, time) = (segment.field(11).raw(), segment.field(14).raw());
    if values.len() >= MOST_ALIKE {
        return values.push(Versions { time, sent: vec![(segment.number, status)] });
    }
    let corrects = matches!(status, "C" | "D" | "W");
    let is_open = |status: &str| matches!(status, "P" | "R" | "S" | "I" | "O");
    let follows = |value: &Versions<'_>| {
        let before = value.sent.last().map_or("", |(_, status)| *status);
        corrects || (is_open(before) && !is_open(status))
    };
    let places = |same: bool| {
        let fits = |value: &Versions<'_>| follows(value) && (!same || value.time == time);
        values.iter().enumerate().filter(|(_, value)| fits(value)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let of_time = places(true);
    let of_any = if of_time.is_empty() && corrects { places(false) } else { of_time };
    match of_any.as_slice() {
        [only] => {
            if let Some(value) = values.get_mut(*only) {
                value.sent.push((segment.number, status));
            }
        }
        _ => values.push(Versions { time, sent: vec![(segment.number, status)] }),
    }
}

/// Names the versions of a value.
fn name(
    number: usize,
    sender: &Sender,
    [order, report, code, part]: &Key,
    value: &Versions<'_>,
    alone: bool,
    out: &mut HashMap<usize, Known>,
) {
    let at = seconds(&sender.sent, &sender.zone);
    let has_order = order.contains(' ');
    let parts = [sender.name.as_str(), order, report, code, part, value.time];
    let address = format!("{OF_ORDER}{}", parts.map(escaped).join(":"));
    let anywhere = at.filter(|_| alone && has_order && address.len() <= LONGEST);
    let first = value.sent.first().map_or(0, |(segment, _)| *segment);
    for (place, (segment, status)) in value.sent.iter().enumerate() {
        let within = u64::try_from(place.min(99)).unwrap_or(99) * 10 + rank(status);
        let known = match anywhere {
            Some(at) => Known {
                address: address.clone(),
                version: Some(at.saturating_mul(1000).saturating_add(within)),
            },
            None => Known {
                address: format!("urn:kosha:hl7v2:{number}:{first}"),
                version: (value.sent.len() > 1).then_some(within + 1),
            },
        };
        out.insert(*segment, known);
    }
}

/// Of two values that were sent in the same moment, which is the newer.
fn rank(status: &str) -> u64 {
    match status {
        "D" | "W" | "X" => 3,
        "A" | "B" | "C" => 2,
        "F" | "U" | "V" => 1,
        _ => 0,
    }
}

/// Letters, digits and points as they are, all else as RFC 3986 writes it.
fn escaped(part: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // A text cannot fail to take what is written into it.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
