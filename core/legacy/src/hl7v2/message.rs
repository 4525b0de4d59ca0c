//! One message: its segments in their order, each of which may belong to those before it.

use std::collections::{HashMap, HashSet};

use super::corrections::{self, Known};
use super::syntax::{Message, Piece, Segment};
use super::values::commas_part_fractions;
use crate::converted::Growing;
use crate::json::{Json, object, text};
use crate::resource::{add_note, named};
use crate::timestamp::{date_time, zone_of};

/// Segments that hold what an office needs, and nothing of the patient's health.
const OFFICE: [&str; 39] = [
    "MSH", "SFT", "EVN", "PD1", "NK1", "ROL", "PV2", "MRG", "IN1", "IN2", "IN3", "GT1", "ACC", "UB1", "UB2",
    "ARV", "FT1", "BLG", "CTI", "RGS", "AIS", "AIG", "AIL", "AIP", "PRT", "TQ1", "TQ2", "SAC", "INV", "RF1",
    "AUT", "PRD", "CTD", "DRG", "PDA", "CON", "MSA", "QRD", "QPD",
];

/// What a note (`NTE`) belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    /// The resource at this place, which has a member `note`.
    Noted(usize),
    /// The report at this place, which has none: its conclusion.
    Report(usize),
}

/// The order (`ORC`) that the segments behind it fill.
#[derive(Clone, Default)]
pub(super) struct Order<'a> {
    pub(super) segment: Option<Segment<'a>>,
}

/// Who sent a message, and when.
#[derive(Default)]
pub(super) struct Sender {
    /// Empty where the message does not say it.
    pub(super) name: String,
    /// As it is written.
    pub(super) sent: String,
    /// Of times that have none.
    pub(super) zone: String,
}

/// Reads a message into a bundle.
pub(super) struct Reader<'b, 'a> {
    pub(super) bundle: &'b mut Growing,
    number: usize,
    message: &'b Message<'a>,
    from: Sender,
    /// What each value is known by, by the number of its segment.
    known: HashMap<usize, Known>,
    /// Reports, and what of their values may be sent again.
    listed: HashSet<(usize, String)>,
    /// `ORU`, `ADT`, … and `R01`, `A01`, …
    pub(super) kind: String,
    pub(super) event: String,
    pub(super) patient: Option<usize>,
    pub(super) visit: Option<usize>,
    pub(super) order: Order<'a>,
    pub(super) report: Option<usize>,
    pub(super) document: Option<usize>,
    pub(super) vaccine: Option<usize>,
    pub(super) medicine: Option<usize>,
    pub(super) appointment: Option<usize>,
    pub(super) last: Last,
    /// Its sender writes `12,5` for twelve and a half.
    pub(super) commas_part_fractions: bool,
    /// Name of the segment behind the one that is read; empty at the end.
    pub(super) next: &'a str,
}

impl<'b, 'a> Reader<'b, 'a> {
    pub(super) fn new(bundle: &'b mut Growing, number: usize, message: &'b Message<'a>) -> Self {
        let mut reader = Self {
            bundle,
            number,
            message,
            from: Sender::default(),
            known: HashMap::new(),
            listed: HashSet::new(),
            kind: String::new(),
            event: String::new(),
            patient: None,
            visit: None,
            order: Order::default(),
            report: None,
            document: None,
            vaccine: None,
            medicine: None,
            appointment: None,
            last: Last::Nothing,
            commas_part_fractions: commas_part_fractions(&message.segments),
            next: "",
        };
        if let Some(header) = message.segments.first() {
            let sent = header.field(7).component(1).text().into_owned();
            let name = header.field(4).word(1).into_owned();
            reader.from = Sender { name, zone: zone_of(&sent).to_owned(), sent };
            reader.known = corrections::known(number, &message.segments, &reader.from);
            reader.kind = header.field(9).word(1).into_owned();
            reader.event = header.field(9).word(2).into_owned();
        }
        reader
    }

    pub(super) fn read(&mut self) {
        for (at, segment) in self.message.segments.iter().enumerate() {
            self.next = self.message.segments.get(at + 1).map(Segment::name).unwrap_or_default();
            self.segment(segment);
        }
    }

    fn segment(&mut self, segment: &Segment<'a>) {
        match segment.name() {
            "PID" => self.patient(segment),
            "PV1" => self.visit(segment),
            "PV2" => self.more_of_visit(segment),
            "NK1" => self.contact(segment),
            "ORC" => self.order(segment),
            "OBR" => self.report(segment),
            "OBX" => self.observation(segment),
            // What follows is of this specimen, and no part of a document before it.
            "SPM" => {
                self.document = None;
                self.bundle.leave(segment.number, "hl7-nothing-for-records");
            }
            "NTE" => self.note(segment),
            "AL1" => self.allergy(segment),
            "IAM" => self.allergy_in_full(segment),
            "DG1" => self.diagnosis(segment),
            "PRB" => self.problem(segment),
            "PR1" => self.procedure(segment),
            "RXA" => self.administration(segment),
            "RXO" | "RXE" => self.prescription(segment),
            "RXD" => self.dispense(segment),
            "RXR" => self.route(segment),
            "TXA" => self.document(segment),
            "SCH" => self.appointment(segment),
            "TQ1" => self.timing(segment),
            "AIL" | "AIP" | "AIS" => self.resource_of_appointment(segment),
            known if OFFICE.contains(&known) => self.bundle.leave(segment.number, "hl7-nothing-for-records"),
            "" => self.bundle.leave(segment.number, "hl7-not-a-segment"),
            _ => self.bundle.leave(segment.number, "hl7-not-read"),
        }
    }

    fn order(&mut self, segment: &Segment<'a>) {
        self.order = Order { segment: Some(*segment) };
        (self.report, self.vaccine, self.medicine, self.last) = (None, None, None, Last::Nothing);
        self.document = None;
        self.bundle.leave(segment.number, "hl7-nothing-for-records");
    }

    /// Field `n` of the order that is being filled.
    pub(super) fn of_order(&self, n: usize) -> Option<Piece<'a>> {
        self.order.segment.map(|segment| segment.field(n)).filter(|field| !field.is_empty())
    }

    /// A note belongs to what stands before it.
    fn note(&mut self, segment: &Segment<'a>) {
        let lines: Vec<String> = segment
            .field(3)
            .repetitions()
            .map(|line| line.text().into_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let place = match self.last {
            Last::Noted(at) | Last::Report(at) => at,
            Last::Nothing => return self.bundle.leave(segment.number, "hl7-not-read"),
        };
        let as_conclusion = matches!(self.last, Last::Report(_));
        let Some(resource) = self.bundle.get_mut(place).filter(|_| !lines.is_empty()) else { return };
        let said = lines.join("\n");
        if as_conclusion {
            resource.put("conclusion", text(joined(resource, "conclusion", &said)));
        } else {
            add_note(resource, said);
        }
    }

    /// Adds a resource about the patient, and gives its place.
    pub(super) fn add(&mut self, segment: &Segment<'a>, resource: Json) -> usize {
        let address = format!("urn:kosha:hl7v2:{}:{}", self.number, segment.number);
        self.bundle.add(address, resource)
    }

    /// Adds a value: where it is sent again it is a newer version of what was sent before.
    pub(super) fn add_value(&mut self, segment: &Segment<'a>, mut value: Json) -> usize {
        let Some(known) = self.known.remove(&segment.number) else { return self.add(segment, value) };
        if let Some(version) = known.version {
            value.put("meta", Some(object([("versionId", text(version.to_string()))])));
        }
        self.bundle.add(known.address, value)
    }

    /// Whether an earlier version of the value at a place is in the list of the report already.
    pub(super) fn is_listed(&mut self, at: usize) -> bool {
        // Only what has a version can be there twice.
        let Some(report) = self.report.filter(|_| self.bundle.get(at).is_some_and(|value| value.has("meta")))
        else {
            return false;
        };
        let address = self.bundle.address(at).unwrap_or_default().to_owned();
        !self.listed.insert((report, address))
    }

    /// A time, with the message's zone where it has none.
    pub(super) fn time(&self, piece: &Piece<'_>) -> Option<Json> {
        date_time(&piece.component(1).sub(1).text(), &self.from.zone).and_then(text)
    }

    pub(super) fn subject(&self) -> Option<Json> {
        self.patient.and_then(|at| self.bundle.reference(at))
    }

    pub(super) fn encounter(&self) -> Option<Json> {
        self.visit.and_then(|at| self.bundle.reference(at))
    }

    /// Who sent the message, as a reference that says only a name.
    pub(super) fn organisation(&self) -> Option<Json> {
        named(Some(self.from.name.clone()))
    }
}

/// What a text member holds, and more behind it.
fn joined(resource: &Json, key: &str, more: &str) -> String {
    match resource {
        Json::Object(members) => match members.iter().find(|(known, _)| *known == key) {
            Some((_, Json::Text(before))) => format!("{before}\n{more}"),
            _ => more.to_owned(),
        },
        _ => more.to_owned(),
    }
}
