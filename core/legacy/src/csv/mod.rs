//! Tables of readings in text: what glucose meters, blood pressure cuffs, scales, and people with a spreadsheet write.
//!
//! A table is taken only when its first row names columns that are known here. Values keep their digits and units; a date
//! that may mean two days is none.

mod columns;
mod date;
mod measure;
mod observation;
mod table;

use std::collections::HashSet;

use crate::converted::{Converted, Growing, Refusal};
use crate::digits::{has_certain_groups, has_fraction_comma};
use columns::{Column, Header};
use date::{Dates, Order};
use observation::{Commas, Reading, Value, pressure, refused_pressure, single};
use table::Table;

/// Largest file, in bytes.
const LARGEST: usize = 32 << 20;

/// Most rows of a table.
const MOST_ROWS: usize = 100_000;

/// Turns a table of readings into one `Observation` for each value, without a subject: a table does not say whose it is.
///
/// Errors: a [`Refusal`] when it is too large, or no row names columns that are known.
pub fn convert(bytes: &[u8]) -> Result<Converted, Refusal> {
    if bytes.len() > LARGEST {
        return Err(Refusal("file-too-large"));
    }
    let text = table::decoded(bytes).ok_or(Refusal("csv-no-header"))?;
    let (header, table) = find(&text).ok_or(Refusal("csv-no-header"))?;
    let rows = table.rows(MOST_ROWS).map_err(Refusal)?;
    let behind = header.place + 1;
    let rows = rows.into_iter().skip(behind);
    let rows: Vec<csv::StringRecord> = rows.map(|row| header.with_western_digits(row)).collect();
    let rows = rows.as_slice();
    let mut reader = Reader {
        order: order(&header, rows),
        commas: commas(table.separator, &header, rows),
        header,
        bundle: Growing::default(),
        seen: HashSet::new(),
        resources: 0,
    };
    for at in 0..reader.header.columns.len() {
        if reader.header.columns.get(at).is_some_and(|(column, _)| *column == Column::Unknown) {
            reader.bundle.leave(reader.header.place, "csv-column-unknown");
        }
    }
    for (at, row) in rows.iter().enumerate() {
        reader.row(behind + at, row);
        if reader.resources > MOST_ROWS {
            return Err(Refusal("too-many-parts"));
        }
    }
    let converted = reader.bundle.finish();
    if converted.bundle.len() > LARGEST {
        return Err(Refusal("too-many-parts"));
    }
    if converted.resources == 0 && converted.left.is_empty() {
        return Err(Refusal("csv-no-readings"));
    }
    Ok(converted)
}

/// Whether bytes are a table of readings: one whose columns are known by their names.
pub fn is_csv(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    table::decoded(start).is_some_and(|text| find(&text).is_some())
}

/// The row with the names of the columns, and the sign between columns that finds most of them.
fn find(text: &str) -> Option<(Header, Table<'_>)> {
    let found = [b',', b';', b'\t'].into_iter().filter_map(|separator| {
        let table = Table { text, separator };
        Some((Header::find(&table.first_rows())?, table))
    });
    // Of two that find as much, the first.
    found.rev().max_by_key(|(header, _)| header.known())
}

/// What the commas in the numbers of the table are, by all of them together. Where a semicolon parts the columns, commas
/// mostly part fractions: there, `150,000` alone does not tell.
fn commas(separator: u8, header: &Header, rows: &[csv::StringRecord]) -> Commas {
    let cells = || rows.iter().flat_map(|row| header.numbers().filter_map(|at| row.get(at)));
    let fractions = cells().any(has_fraction_comma);
    let groups = || cells().any(has_certain_groups);
    match (separator == b';', fractions) {
        (true, true) if !groups() => Commas::Fractions,
        (true, false) if groups() || !cells().any(|cell| cell.contains(',')) => Commas::Groups,
        (false, false) => Commas::Groups,
        _ => Commas::Unclear,
    }
}

/// Whether the days or the months come first, by all the dates together.
fn order(header: &Header, rows: &[csv::StringRecord]) -> Order {
    let mut dates = Dates::default();
    for at in header.all(|column| matches!(column, Column::Date | Column::DateTime)) {
        for cell in rows.iter().filter_map(|row| row.get(at)) {
            dates.see(cell);
        }
    }
    dates.order()
}

struct Reader {
    header: Header,
    order: Order,
    commas: Commas,
    bundle: Growing,
    /// Rows that were read.
    seen: HashSet<Vec<String>>,
    resources: usize,
}

impl Reader {
    fn row(&mut self, place: usize, row: &csv::StringRecord) {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        // A cell too many, such as a number parted by an unquoted comma, moves all behind it into other columns.
        if row.iter().skip(self.header.columns.len()).any(|cell| !cell.trim().is_empty()) {
            return self.bundle.leave(place, "csv-row-cells");
        }
        if !self.seen.insert(self.header.said(row)) {
            return self.bundle.leave(place, "csv-row-repeated");
        }
        let Ok(when) = self.when(row) else { return self.bundle.leave(place, "csv-date-unclear") };
        if self.header.is_long() {
            self.named(place, row, when.as_deref());
        } else {
            self.wide(place, row, when.as_deref());
        }
    }

    fn cell<'r>(&self, row: &'r csv::StringRecord, wanted: Column) -> &'r str {
        let at = self.header.all(|column| column == wanted).next();
        at.and_then(|at| row.get(at)).map(str::trim).unwrap_or_default()
    }

    /// The date of a row as FHIR writes it; an error where one stands there that is not clear.
    fn when(&self, row: &csv::StringRecord) -> Result<Option<String>, ()> {
        let both = self.cell(row, Column::DateTime);
        let (day, time) = match both {
            "" => (self.cell(row, Column::Date), self.cell(row, Column::Time)),
            both => (both, ""),
        };
        if day.is_empty() {
            return Ok(None);
        }
        date::read(day, time, self.order).map(Some).ok_or(())
    }

    fn value(&self, cell: &str) -> Result<Value, &'static str> {
        Value::read(cell, self.commas)
    }

    fn add(&mut self, place: usize, resource: crate::json::Json) {
        self.bundle.add(format!("urn:kosha:csv:{place}-{}", self.resources), resource);
        self.resources += 1;
    }

    /// A row whose columns are each a reading of its own.
    fn wide(&mut self, place: usize, row: &csv::StringRecord, when: Option<&str>) {
        let note = self.cell(row, Column::Note).to_owned();
        let unit_of_row = self.cell(row, Column::Unit).to_owned();
        let mut said = false;
        let mut refused: Vec<&'static str> = Vec::new();
        for at in 0..self.header.columns.len() {
            let Some((Column::Measure(measure), name)) = self.header.columns.get(at).cloned() else {
                continue;
            };
            let cell = row.get(at).map(str::trim).unwrap_or_default();
            if cell.is_empty() {
                continue;
            }
            said = true;
            let value = match self.value(cell) {
                Ok(value) => value,
                Err(reason) => {
                    refused.push(reason);
                    continue;
                }
            };
            let of_column = self.cell(row, Column::UnitOf(measure));
            let unit =
                [name.unit.as_str(), of_column, &unit_of_row].into_iter().find(|unit| !unit.is_empty());
            let (measure, unit) = (measure::get(measure), unit.unwrap_or_default());
            if let Some(reason) = value.refused(measure, unit) {
                refused.push(reason);
                continue;
            }
            let reading =
                Reading { name: &name.words, measure, unit, value, when, note: &note, ..Reading::default() };
            let made = single(reading);
            self.add(place, made);
        }
        match self.pressure_of(row) {
            Ok(None) => {}
            Ok(Some(pair)) => {
                said = true;
                let unit = self.header.unit_of_pressure().unwrap_or(unit_of_row);
                if let Some(reason) = refused_pressure(&pair, &unit) {
                    refused.push(reason);
                } else {
                    let made = pressure(pair, &unit, when, &note);
                    self.add(place, made);
                }
            }
            Err(()) => {
                said = true;
                refused.push("csv-not-a-number");
            }
        }
        if !said {
            self.bundle.leave(place, "csv-no-value");
        }
        refused.sort_unstable();
        refused.dedup();
        for reason in refused {
            self.bundle.leave(place, reason);
        }
    }

    /// Both blood pressures of a row, of which one may be missing.
    fn pressure_of(&self, row: &csv::StringRecord) -> Result<Option<[Option<Value>; 2]>, ()> {
        let both = self.cell(row, Column::Pressure);
        let cells = match both.split_once('/') {
            Some((upper, lower)) => [upper.trim(), lower.trim()],
            None if both.is_empty() => [self.cell(row, Column::Systolic), self.cell(row, Column::Diastolic)],
            None => return Err(()),
        };
        let [upper, lower] = cells.map(|cell| match cell {
            "" => Ok(None),
            cell => self.value(cell).ok().filter(Value::is_clear).map(Some).ok_or(()),
        });
        let pair = [upper?, lower?];
        Ok(pair.iter().any(Option::is_some).then_some(pair))
    }

    /// A row that names what it is about.
    fn named(&mut self, place: usize, row: &csv::StringRecord, when: Option<&str>) {
        let (name, cell) = (self.cell(row, Column::Name), self.cell(row, Column::Value));
        let (name, cell) = (name.to_owned(), cell.to_owned());
        if name.is_empty() {
            return self.bundle.leave(place, "csv-no-name");
        }
        if cell.is_empty() {
            return self.bundle.leave(place, "csv-no-value");
        }
        let of_row = self.cell(row, Column::Unit);
        let split = columns::Name::read(&name);
        let of_header = self.header.unit_of_value();
        let unit = [of_row, &split.unit, &of_header].into_iter().find(|unit| !unit.is_empty());
        let unit = unit.unwrap_or_default().to_owned();
        let note = self.cell(row, Column::Note).to_owned();
        let known = columns::Column::of(&split.words);
        if known == Column::Pressure
            && let Some((upper, lower)) = cell.split_once('/')
            && let (Ok(upper), Ok(lower)) = (self.value(upper.trim()), self.value(lower.trim()))
            && upper.is_clear()
            && lower.is_clear()
        {
            let pair = [Some(upper), Some(lower)];
            if let Some(reason) = refused_pressure(&pair, &unit) {
                return self.bundle.leave(place, reason);
            }
            let made = pressure(pair, &unit, when, &note);
            return self.add(place, made);
        }
        let Ok(value) = self.value(&cell) else { return self.bundle.leave(place, "csv-not-a-number") };
        if let Some(reason) = value.refused(known.measure(), &unit) {
            return self.bundle.leave(place, reason);
        }
        let reading = Reading {
            name: &split.words,
            measure: known.measure(),
            loinc: self.cell(row, Column::Loinc),
            unit: &unit,
            value,
            when,
            note: &note,
            low: self.cell(row, Column::Low),
            high: self.cell(row, Column::High),
            commas: self.commas,
            range: self.cell(row, Column::Range),
            flag: self.cell(row, Column::Flag),
        };
        let made = single(reading);
        self.add(place, made);
    }
}
