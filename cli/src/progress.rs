//! Progress of long work: a bar on a terminal, or a JSON line for each step that is durable.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{args, terminal};

/// Tells how far an import is.
pub(crate) struct ImportProgress {
    bar: Option<ProgressBar>,
    json: bool,
}

impl ImportProgress {
    pub(crate) fn new(wish: args::Progress, as_json: bool) -> Self {
        let json = wish == args::Progress::Json;
        let bar = (!json && !as_json && std::io::stderr().is_terminal()).then(|| bar(0));
        Self { bar, json }
    }

    /// The bar, to be put aside while something is asked.
    pub(crate) fn bar(&self) -> Option<ProgressBar> {
        self.bar.clone()
    }
}

impl kosha::import::Progress for ImportProgress {
    fn files_found(&mut self, count: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(u64::try_from(count).unwrap_or(u64::MAX));
        }
    }

    fn file_done(&mut self, report: &kosha::import::FileReport) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            bar.set_message(terminal::cut(&terminal::line(&report.file), 40));
        }
        if self.json
            && let Ok(line) = serde_json::to_string(report)
        {
            drop(writeln!(std::io::stderr(), "{}", terminal::json(&line)));
        }
    }
}

impl Drop for ImportProgress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Tells how far long work is: a bar, or a JSON line for each hundredth.
pub(crate) struct Work {
    bar: Option<ProgressBar>,
    json: bool,
    told: Option<u64>,
}

impl Work {
    pub(crate) fn new(wish: args::Progress, as_json: bool) -> Self {
        let json = wish == args::Progress::Json;
        Self { bar: (!json && !as_json).then(|| bar(0)), json, told: None }
    }

    pub(crate) fn tell(&mut self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        }
        let share = done.saturating_mul(100).checked_div(total).unwrap_or(0);
        if self.json && self.told != Some(share) {
            self.told = Some(share);
            drop(writeln!(std::io::stderr(), "{}", serde_json::json!({ "done": done, "total": total })));
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A bar of `length` steps on standard error; unseen where there is no terminal.
pub(crate) fn bar(length: u64) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar
}
