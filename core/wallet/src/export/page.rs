//! The page that lists everything: one file, no scripts, nothing loaded from anywhere, every text escaped.

use std::io::{BufWriter, Write};

use kosha_vault::Entry;

use super::Export;
use super::folder::failed;
use crate::timeline::RecordCard;
use crate::{Error, date};

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Health records</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; color: #1b1b1b; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #767676; overflow-wrap: anywhere; }
a { color: #0b4f9e; }
.note { border: 2px solid #8a4b00; padding: .6rem 1rem; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } a { color: #9ecbff; } }
</style>
</head>
<body>
<h1>Health records</h1>
<p class="note">Nothing in this folder is encrypted. Whoever can open it can read all of it.</p>
"#;

/// Text as HTML shows it. What could turn the reading direction of the line around is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn link(name: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(name), escape(text))
}

pub(super) fn write(export: &mut Export<'_>) -> Result<(), Error> {
    let mut out = BufWriter::new(export.folder.create("index.html")?);
    let export = &*export;
    let mut put = |text: &str| out.write_all(text.as_bytes()).map_err(|error| failed(&error));
    put(HEAD)?;
    let made = date::rfc3339(export.session.environment().now_ms());
    put(&format!("<p>Made {}.", escape(&made)))?;
    if export.everyone {
        put(&format!(" What happened in the wallet: {}.", link("log.json", "log.json")))?;
    }
    put("</p>\n")?;
    for (copy, profile) in &export.copies {
        let name = if profile.name.is_empty() { "Not named" } else { &profile.name };
        put(&format!("<h2>{}</h2>\n<p>", escape(name)))?;
        for (label, value) in [("Born", &profile.birth_date), ("Gender", &profile.gender)] {
            if let Some(value) = value {
                put(&format!("{label}: {}. ", escape(value)))?;
            }
        }
        put("</p>\n")?;
        let mut entries: Vec<Entry<'_>> = export.session.records_of(&export.circle, copy.person()).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.date().map_or(i64::MIN, |date| date.start_ms)));
        put(
            "<table>\n<caption>Records, newest first</caption>\n<thead><tr><th scope=\"col\">Date</th><th scope=\"col\">Kind</th><th scope=\"col\">Record</th><th scope=\"col\">Source</th><th scope=\"col\">Files</th></tr></thead>\n<tbody>\n",
        )?;
        for entry in entries {
            put(&row(export, entry))?;
        }
        put("</tbody>\n</table>\n")?;
    }
    put(
        "<h2>Files that came in</h2>\n<table>\n<caption>Byte for byte as they were received</caption>\n<thead><tr><th scope=\"col\">File</th><th scope=\"col\">Received</th><th scope=\"col\">Name then</th><th scope=\"col\">Bytes</th></tr></thead>\n<tbody>\n",
    )?;
    for (document, name) in &export.documents {
        let info = export.session.vault().document(*document)?;
        put(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            link(name, name),
            escape(&date::rfc3339(info.received_ms)),
            escape(&info.name),
            info.len
        ))?;
    }
    put("</tbody>\n</table>\n")?;
    if !export.unreadable.is_empty() {
        put("<h2>Could not be read</h2>\n<p>These are damaged in the wallet:</p>\n<ul>\n")?;
        for id in &export.unreadable {
            put(&format!("<li>{}</li>\n", escape(id)))?;
        }
        put("</ul>\n")?;
    }
    put("</body>\n</html>\n")?;
    out.flush().map_err(|error| failed(&error))
}

fn row(export: &Export<'_>, entry: Entry<'_>) -> String {
    let card = RecordCard::of(entry, &export.circle);
    let document = entry.document().and_then(|document| export.documents.get(&document));
    let title = match export.records.get(&entry.id()).or(document) {
        Some(name) => link(name, &card.title),
        None => escape(&card.title),
    };
    let mut files = Vec::new();
    let named = |title: &str| if title.is_empty() { "Attachment".to_owned() } else { title.to_owned() };
    if entry.has_attachments() {
        let header = export.session.vault().header(entry.id());
        for attachment in header.into_iter().flat_map(|header| header.attachments) {
            if let Some(name) = export.attachments.get(&attachment.id) {
                files.push(link(name, &named(&attachment.title)));
            }
        }
    }
    let within = export.within.get(&entry.id()).into_iter().flatten();
    files.extend(within.map(|(title, name)| link(name, &named(title))));
    format!(
        "<tr><td>{}</td><td>{}</td><td><strong>{title}</strong> {}</td><td>{}</td><td>{}</td></tr>\n",
        escape(card.date.as_deref().unwrap_or_default()),
        escape(card.kind),
        escape(&card.summary),
        escape(card.source.as_deref().unwrap_or_default()),
        files.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("<script src='x'>&\"\u{202e}\n"), "&lt;script src=&#39;x&#39;&gt;&amp;&quot; ");
        assert!(!HEAD.contains("<script") && !HEAD.contains("http://") && !HEAD.contains("https://"));
    }
}
