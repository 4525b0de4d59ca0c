//! `TS` and `IVL_TS`: moments and stretches of time.

use super::reader::{all, known, one};
use crate::json::{Json, object, text};
use crate::timestamp::date_time;
use crate::xml::Element;

/// When something was, as far as it is told.
#[derive(Default)]
pub(super) struct Interval {
    pub(super) value: Option<Json>,
    pub(super) low: Option<Json>,
    pub(super) high: Option<Json>,
    /// It has ended, at a time that nobody noted.
    pub(super) ended: bool,
    /// Nobody knows whether or when it ended.
    pub(super) end_withheld: bool,
}

/// A moment, as exactly as it was written.
pub(super) fn moment(element: Element<'_>) -> Option<Json> {
    date_time(known(element)?.attribute("value")?, "").and_then(text)
}

/// The moment of a child element.
pub(super) fn moment_of(element: Element<'_>, name: &'static str) -> Option<Json> {
    moment(one(element, name)?)
}

impl Interval {
    /// `TS` or `IVL_TS`.
    pub(super) fn read(element: Element<'_>) -> Self {
        let high = one(element, "high");
        let why = high.and_then(|high| high.attribute("nullFlavor"));
        Self {
            value: moment(element).or_else(|| moment_of(element, "center")),
            low: moment_of(element, "low"),
            high: high.and_then(moment),
            ended: why == Some("UNK"),
            end_withheld: why.is_some_and(|why| why != "UNK"),
        }
    }

    /// `effectiveTime` of a statement: of several the one that is a moment or a stretch, and no repetition.
    pub(super) fn of(statement: Element<'_>) -> Self {
        let times = all(statement, "effectiveTime");
        let plain = |time: &Element<'_>| {
            !matches!(time.schema_type(), Some("PIVL_TS" | "EIVL_TS" | "SXPR_TS"))
                && one(*time, "period").is_none()
        };
        times.filter(plain).map(Self::read).find(Self::is_told).unwrap_or_default()
    }

    fn is_told(&self) -> bool {
        self.start().is_some() || self.high.is_some() || self.ended || self.end_withheld
    }

    /// When it was or began.
    pub(super) fn start(&self) -> Option<&Json> {
        self.value.as_ref().or(self.low.as_ref())
    }

    /// `Period`; none where nothing is known.
    pub(super) fn period(&self) -> Option<Json> {
        let start = self.start().cloned();
        let end = self.high.clone().or_else(|| self.value.clone());
        (start.is_some() || end.is_some()).then(|| object([("start", start), ("end", end)]))
    }

    /// Puts a `dateTime` for a moment and a `Period` for a stretch.
    pub(super) fn put(&self, resource: &mut Json, moment: &'static str, stretch: &'static str) {
        if self.value.is_some() {
            return resource.put(moment, self.value.clone());
        }
        if self.low.is_some() && self.low == self.high {
            return resource.put(moment, self.low.clone());
        }
        resource.put(stretch, self.period());
    }
}
