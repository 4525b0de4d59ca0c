//! Things that a patient has or wears, as `Device`.

use super::datatypes::identifiers;
use super::intervals::Interval;
use super::reader::{Mood, Reader, all, negated, one, path, status_of};
use crate::json::{Json, object, text};
use crate::resource::somebody;
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// Non-Medicinal Supply Activity.
    pub(super) fn device(&mut self, supply: Element<'t>, mood: Mood) {
        if mood != Mood::Event {
            return self.plan(supply, mood);
        }
        if negated(supply) {
            return self.none(supply);
        }
        let mut roles = all(supply, "participant").filter_map(|part| one(part, "participantRole"));
        let role = roles.find(|role| one(*role, "playingDevice").is_some());
        let playing = role.and_then(|role| one(role, "playingDevice"));
        let model =
            playing.and_then(|device| one(device, "manufacturerModelName")).and_then(|name| self.words(name));
        let product =
            path(supply, &["product", "manufacturedProduct"]).and_then(|product| self.product(product, None));
        let words = || self.statement_text(supply).or_else(|| model.clone());
        let kind = playing.and_then(|device| one(device, "code")).and_then(|code| self.concept(code));
        let kind = kind.or_else(|| product.map(|product| product.code));
        let kind = kind.or_else(|| words().and_then(text).map(|words| object([("text", Some(words))])));
        let kind = kind.or_else(|| self.concept_of(supply, "code"));
        let Some(kind) = kind else {
            return self.leave(supply, "ccda-no-code");
        };
        let status = match status_of(supply) {
            "nullified" => "entered-in-error",
            "active" => "active",
            "aborted" | "cancelled" => "inactive",
            _ => "unknown",
        };
        let device = object([
            ("resourceType", text("Device")),
            ("identifier", role.and_then(identifiers).or_else(|| identifiers(supply))),
            ("status", text(status)),
            ("modelNumber", model.and_then(text)),
            ("type", Some(kind)),
            ("patient", Some(somebody(self.subject()))),
            ("note", self.notes(supply, given(supply))),
        ]);
        self.add(supply, device);
    }
}

/// When it was handed over, which `Device` has no member for.
fn given(supply: Element<'_>) -> Vec<String> {
    match Interval::of(supply).start() {
        Some(Json::Text(date)) => vec![format!("Supplied: {date}")],
        _ => Vec::new(),
    }
}
