//! Character sets of DICOM (PS3.3 section C.12.1.1.2, PS3.5 section 6.1): one for all, or several with escapes between.

use encoding_rs::Encoding;

const ESCAPE: u8 = 0x1b;

/// What stands for bytes below 0x80.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Ascii,
    /// JIS X 0208: two bytes a letter.
    Jis208,
    /// JIS X 0212: two bytes a letter.
    Jis212,
}

/// What stands for bytes from 0x80.
#[derive(Clone, Copy)]
enum High {
    /// Nothing is declared.
    None,
    Latin1,
    Katakana,
    Set(&'static Encoding),
}

/// How the texts of a file are to be read.
pub(super) struct Charset {
    /// One encoding for everything, without escapes.
    whole: Option<&'static Encoding>,
    high: High,
}

impl Charset {
    /// By Specific Character Set (0008,0005). A term that the standard does not have counts as none.
    pub(super) fn new(terms: &str) -> Self {
        let mut charset = Charset { whole: None, high: High::None };
        let first = terms.split('\\').next().unwrap_or_default().trim().to_ascii_uppercase();
        let digits: String =
            first.rsplit(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default().to_owned();
        match (first.as_str(), digits.as_str()) {
            ("GB18030", _) => charset.whole = Some(encoding_rs::GB18030),
            ("GBK", _) => charset.whole = Some(encoding_rs::GBK),
            (_, "192") => charset.whole = Some(encoding_rs::UTF_8),
            (_, number) => charset.high = high(number),
        }
        charset
    }

    /// The text of a value. What no declared set has becomes U+FFFD.
    pub(super) fn read(&self, bytes: &[u8]) -> String {
        if let Some(whole) = self.whole {
            return whole.decode_without_bom_handling(bytes).0.into_owned();
        }
        let mut out = String::with_capacity(bytes.len());
        let (mut low, mut upper) = (Low::Ascii, self.high);
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            if *first == ESCAPE {
                rest = escape(behind, &mut low, &mut upper);
                continue;
            }
            // The sets of the start hold again behind each end of a line, and each part of a name.
            let ends = matches!(first, b'\t' | b'\n' | 0x0c | b'\r')
                || (low == Low::Ascii && matches!(first, b'^' | b'=' | b'\\'));
            if ends {
                (low, upper) = (Low::Ascii, self.high);
                out.push(char::from(*first));
                rest = behind;
                continue;
            }
            let is_high = *first >= 0x80;
            let stops = |byte: &u8| {
                (*byte >= 0x80) != is_high
                    || *byte == ESCAPE
                    || matches!(byte, b'\t' | b'\n' | 0x0c | b'\r')
                    || (low == Low::Ascii && matches!(byte, b'^' | b'=' | b'\\'))
            };
            let length = rest.iter().position(stops).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            if is_high {
                read_high(run, upper, &mut out);
            } else {
                read_low(run, low, &mut out);
            }
            rest = after;
        }
        out
    }
}

/// The set of a number in the registry of ISO 2375.
fn high(number: &str) -> High {
    High::Set(match number {
        "100" => return High::Latin1,
        "13" => return High::Katakana,
        "101" => encoding_rs::ISO_8859_2,
        "109" => encoding_rs::ISO_8859_3,
        "110" => encoding_rs::ISO_8859_4,
        "144" => encoding_rs::ISO_8859_5,
        "127" => encoding_rs::ISO_8859_6,
        "126" => encoding_rs::ISO_8859_7,
        "138" => encoding_rs::ISO_8859_8,
        "148" => encoding_rs::WINDOWS_1254,
        "166" => encoding_rs::WINDOWS_874,
        "203" => encoding_rs::ISO_8859_15,
        "149" => encoding_rs::EUC_KR,
        "58" => encoding_rs::GBK,
        _ => return High::None,
    })
}

/// Follows an escape (PS3.3 tables C.12-3 and C.12-4); gives what stands behind it. One that is not known is passed over.
fn escape<'a>(behind: &'a [u8], low: &mut Low, upper: &mut High) -> &'a [u8] {
    const LOW: [(&[u8], Low); 6] = [
        (b"$(D", Low::Jis212),
        (b"$B", Low::Jis208),
        (b"$@", Low::Jis208),
        (b"(B", Low::Ascii),
        (b"(J", Low::Ascii),
        (b"(I", Low::Ascii),
    ];
    const HIGH: [(&[u8], &str); 14] = [
        (b"$)C", "149"),
        (b"$)A", "58"),
        (b")I", "13"),
        (b"-A", "100"),
        (b"-B", "101"),
        (b"-C", "109"),
        (b"-D", "110"),
        (b"-L", "144"),
        (b"-G", "127"),
        (b"-F", "126"),
        (b"-H", "138"),
        (b"-M", "148"),
        (b"-T", "166"),
        (b"-b", "203"),
    ];
    for (sign, set) in LOW {
        if let Some(rest) = behind.strip_prefix(sign) {
            *low = set;
            return rest;
        }
    }
    for (sign, number) in HIGH {
        if let Some(rest) = behind.strip_prefix(sign) {
            *upper = high(number);
            return rest;
        }
    }
    behind
}

fn read_high(run: &[u8], set: High, out: &mut String) {
    match set {
        High::Latin1 => out.extend(run.iter().copied().map(char::from)),
        High::None => out.extend(run.iter().map(|_| char::REPLACEMENT_CHARACTER)),
        // JIS X 0201 has half-width katakana from 0xA1 to 0xDF, in the order of U+FF61.
        High::Katakana => out.extend(run.iter().map(|byte| match byte {
            0xa1..=0xdf => char::from_u32(0xff61 + u32::from(byte - 0xa1)).unwrap_or(' '),
            _ => char::REPLACEMENT_CHARACTER,
        })),
        High::Set(set) => out.push_str(&set.decode_without_bom_handling(run).0),
    }
}

/// EUC-JP has both Japanese sets of two bytes, with the high bit set, the second one behind a mark.
fn read_low(run: &[u8], set: Low, out: &mut String) {
    if set == Low::Ascii {
        out.extend(run.iter().copied().map(char::from));
        return;
    }
    let mut euc = Vec::with_capacity(run.len() * 2);
    let printed: Vec<u8> = run.iter().copied().filter(|byte| (0x21..=0x7e).contains(byte)).collect();
    for pair in printed.chunks(2) {
        if set == Low::Jis212 {
            euc.push(0x8f);
        }
        euc.extend(pair.iter().map(|byte| byte | 0x80));
    }
    out.push_str(&encoding_rs::EUC_JP.decode_without_bom_handling(&euc).0);
}

#[cfg(test)]
mod tests {
    use super::Charset;
    use proptest::prelude::*;

    /// The examples of PS3.5 annexes H, I, J and K.
    #[test]
    fn the_examples_of_the_standard_read_as_it_says() {
        for (terms, bytes, expected) in [
            (
                "\\ISO 2022 IR 87",
                b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B".as_slice(),
                "Yamada^Tarou=山田^太郎=やまだ^たろう",
            ),
            (
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
                "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
            ),
            (
                "\\ISO 2022 IR 149",
                b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
                "Hong^Gildong=洪^吉洞=홍^길동",
            ),
            ("ISO_IR 192", "Wang^XiaoDong=王^小東".as_bytes(), "Wang^XiaoDong=王^小東"),
            ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
            (
                "\\ISO 2022 IR 58",
                b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab",
                "Zhang^XiaoDong=张^小东",
            ),
            ("ISO_IR 127", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"),
            ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
            ("ISO_IR 166", b"\xca\xc1\xaa\xd2\xc2", "สมชาย"),
            ("ISO_IR 101", b"Wa\xb3\xeasa^Ji\xf8\xed", "Wałęsa^Jiří"),
            ("ISO_IR 148", b"\xdeim\xfeek", "Şimşek"),
            ("ISO_IR 110", b"Daug\xbb", "Daugģ"),
            ("ISO_IR 109", b"\xa1\xb1", "Ħħ"),
            // Escapes of several single sets, each holding until the next part of a name.
            (
                "ISO 2022 IR 100\\ISO 2022 IR 144",
                b"Dionis\xe9^\x1b-L\xbb\xee^\xe9",
                "Dionisé^Лю^é",
            ),
            ("", b"M\xfcller", "M\u{fffd}ller"),
            ("", b"plain", "plain"),
        ] {
            assert_eq!(Charset::new(terms).read(bytes), expected, "{terms}");
        }
        // JIS X 0212: 丂 is its first ideograph (row 16, cell 1).
        assert_eq!(Charset::new("\\ISO 2022 IR 159").read(b"\x1b$(D0!\x1b(B^a"), "丂^a");
    }

    proptest! {
        #[test]
        fn any_bytes_read_as_some_text(
            terms in "(ISO 2022 IR (13|100|149|58|87)|GBK|ISO_IR 192|)",
            bytes in prop::collection::vec(prop_oneof![Just(0x1b), Just(b'$'), Just(b'B'), any::<u8>()], 0..60),
        ) {
            let text = Charset::new(&terms).read(&bytes);
            prop_assert!(text.chars().count() <= bytes.len());
        }
    }
}
