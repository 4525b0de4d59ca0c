//! Text that somebody else chose, made fit to be shown.

/// At most `max` characters, without those that a screen does not show or that turn the direction of reading: with
/// them a text could look like something else.
pub(crate) fn shown(text: &str, max: usize) -> String {
    text.chars().take(max).filter(|&c| is_visible(c)).collect::<String>().trim().to_owned()
}

fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        && !matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_goes_and_what_scripts_need_stays() {
        assert_eq!(shown("  A\u{202e}B\u{7}\u{200b}\u{feff}\n ", 80), "AB");
        // Joiners shape Indic letters.
        assert_eq!(shown("क्\u{200d}ष", 80), "क्\u{200d}ष");
        assert_eq!(shown(&"é".repeat(200), 80).chars().count(), 80);
    }
}
