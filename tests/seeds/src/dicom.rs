//! Small DICOM files (PS3.5, PS3.10): one header in each transfer syntax, and a document in its envelope.

/// A value as both syntaxes write it: group, element, kind of value, bytes.
type Element<'v> = (u16, u16, &'static str, &'v [u8]);

const PICTURE: &[Element<'_>] = &[
    (8, 5, "CS", b"ISO_IR 192"),
    (8, 0x16, "UI", b"1.2.840.10008.5.1.4.1.1.2"),
    (8, 0x18, "UI", b"1.2.3.4.5"),
    (8, 0x20, "DA", b"20240305"),
    (8, 0x30, "TM", b"101530.25"),
    (8, 0x50, "SH", b"A77"),
    (8, 0x60, "CS", b"CT"),
    (8, 0x90, "PN", b"Shah^Uma^^Dr"),
    (8, 0x201, "SH", b"+0530"),
    (8, 0x1030, "LO", b"Chest"),
    (8, 0x1140, "SQ", b""),
    (0x10, 0x10, "PN", b"Rao^Asha^M^^"),
    (0x10, 0x20, "LO", b"77"),
    (0x10, 0x30, "DA", b"19800102"),
    (0x10, 0x40, "CS", b"F"),
    (0x18, 0x15, "CS", b"CHEST"),
    (0x20, 0xd, "UI", b"1.2.3"),
    (0x20, 0xe, "UI", b"1.2.3.4"),
    (0x20, 0x11, "IS", b"03"),
    (0x20, 0x60, "CS", b"L"),
    (0x7fe0, 0x10, "OW", &[7; 16]),
];

const DOCUMENT: &[Element<'_>] = &[
    (8, 5, "CS", b"\\ISO 2022 IR 87"),
    (8, 0x16, "UI", b"1.2.840.10008.5.1.4.1.1.104.1"),
    (8, 0x18, "UI", b"1.2.3.9"),
    (8, 0x23, "DA", b"20240305"),
    (0x10, 0x10, "PN", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
    (0x42, 0x10, "ST", b"Discharge letter"),
    (0x42, 0x11, "OB", b"%PDF-1.4\nsome pages\n%%EOF"),
    (0x42, 0x12, "LO", b"application/pdf"),
];

/// How elements are written.
#[derive(Clone, Copy)]
enum Syntax {
    Explicit,
    Implicit,
    BigEndian,
}

/// All of them.
pub(crate) fn files() -> Vec<Vec<u8>> {
    let mut out = vec![elements(Syntax::Explicit, PICTURE)];
    for (uid, syntax) in [
        ("1.2.840.10008.1.2.1", Syntax::Explicit),
        ("1.2.840.10008.1.2", Syntax::Implicit),
        ("1.2.840.10008.1.2.2", Syntax::BigEndian),
    ] {
        for data in [PICTURE, DOCUMENT] {
            out.push(file(uid, &elements(syntax, data)));
        }
    }
    // Deflated (PS3.5, A.5), as one block that is stored: RFC 1951, 3.2.4.
    let data = elements(Syntax::Explicit, PICTURE);
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let stored = [vec![1], length.to_le_bytes().to_vec(), (!length).to_le_bytes().to_vec(), data].concat();
    out.push(file("1.2.840.10008.1.2.1.99", &stored));
    // Sequences and items without a length, in each other.
    let nested = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff".repeat(3);
    let ends = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0".repeat(3);
    let (front, back) = PICTURE.split_at(11);
    let [front, back] = [front, back].map(|part| elements(Syntax::Explicit, part));
    out.push(file("1.2.840.10008.1.2.1", &[front, nested, ends, back].concat()));
    out
}

/// A preamble, the mark, the syntax, the data.
fn file(uid: &str, data: &[u8]) -> Vec<u8> {
    let syntax = elements(Syntax::Explicit, &[(2, 0x10, "UI", uid.as_bytes())]);
    [&[0; 128], b"DICM".as_slice(), &syntax, data].concat()
}

fn elements(syntax: Syntax, list: &[Element<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let big = matches!(syntax, Syntax::BigEndian);
    let short = |number: u16| if big { number.to_be_bytes() } else { number.to_le_bytes() };
    let long = |number: u32| if big { number.to_be_bytes() } else { number.to_le_bytes() };
    for (group, number, kind, value) in list {
        let mut value = value.to_vec();
        if value.len() % 2 == 1 {
            value.push(if *kind == "UI" { 0 } else { b' ' });
        }
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        out.extend(short(*group));
        out.extend(short(*number));
        match syntax {
            Syntax::Implicit => out.extend(long(length)),
            _ if matches!(*kind, "OB" | "OW" | "SQ") => {
                out.extend(kind.bytes().chain([0, 0]));
                out.extend(long(length));
            }
            _ => {
                out.extend(kind.bytes());
                out.extend(short(u16::try_from(value.len()).unwrap_or(u16::MAX)));
            }
        }
        out.extend(value);
    }
    out
}
