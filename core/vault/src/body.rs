//! Body container v1: the resource without its attachments, where they go, and the text that is searched.

use std::fmt;

use kosha_crypto::id::AttachmentId;
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader, make_room, put_length};
use crate::error::{Error, Result};

const VERSION: u8 = 1;
const HEAD: usize = 25;
const HOLE: usize = 8 + 16;

/// A place in a resource where the canonical base64 of an attachment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Offset in the skeleton. Holes stand in ascending order.
    pub at: u64,
    /// The attachment whose base64 (standard alphabet, padded, no line breaks) goes there.
    pub attachment: AttachmentId,
}

/// The body of a record to be stored.
#[derive(Clone, Copy, Default)]
pub struct NewBody<'a> {
    /// The resource's bytes without those that the holes stand for.
    pub resource_skeleton: &'a [u8],
    /// Where attachments go, ascending.
    pub holes: &'a [Hole],
    /// The text that search looks at.
    pub text: &'a str,
}

impl fmt::Debug for NewBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewBody(redacted)")
    }
}

/// The body of a record as it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The resource's bytes, holes filled.
    pub resource: Zeroizing<Vec<u8>>,
    /// The text that search looks at.
    pub text: Zeroizing<String>,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(redacted)")
    }
}

pub(crate) fn ascending<'a>(offsets: impl Iterator<Item = &'a u64>, end: usize) -> bool {
    let end = u64::try_from(end).unwrap_or(u64::MAX);
    let mut last = 0;
    offsets.into_iter().all(|at| {
        let fits = *at >= last && *at <= end;
        last = *at;
        fits
    })
}

/// `version | skeleton length u64 | holes u64 | text length u64 | (at u64, attachment)* | skeleton | text`.
/// Into `out`, whose old content is wiped or overwritten.
pub(crate) fn encode(body: &NewBody<'_>, out: &mut Zeroizing<Vec<u8>>) -> Result<()> {
    if !ascending(body.holes.iter().map(|hole| &hole.at), body.resource_skeleton.len()) {
        return Err(Error::Invalid("holes stand in ascending order within the skeleton"));
    }
    let size = HEAD + body.holes.len() * HOLE + body.resource_skeleton.len() + body.text.len();
    make_room(out, size);
    out.push(VERSION);
    put_length(out, body.resource_skeleton.len());
    put_length(out, body.holes.len());
    put_length(out, body.text.len());
    for hole in body.holes {
        out.extend_from_slice(&hole.at.to_le_bytes());
        out.extend_from_slice(hole.attachment.as_bytes());
    }
    out.extend_from_slice(body.resource_skeleton);
    out.extend_from_slice(body.text.as_bytes());
    Ok(())
}

/// A body container that was read.
pub(crate) struct Container<'a> {
    pub(crate) skeleton: &'a [u8],
    pub(crate) holes: Vec<Hole>,
    pub(crate) text: &'a str,
}

/// Reads what [`encode`] wrote, and nothing else.
pub(crate) fn decode(bytes: &[u8]) -> Read<Container<'_>> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return Err(Malformed);
    }
    let (skeleton, count, text) = (reader.length()?, reader.length()?, reader.length()?);
    let table = reader.take(count.checked_mul(HOLE).ok_or(Malformed)?)?;
    let mut table = Reader::new(table);
    let mut holes = Vec::with_capacity(count);
    while !table.is_empty() {
        holes.push(Hole { at: table.u64()?, attachment: AttachmentId::from_bytes(table.array()?) });
    }
    let skeleton = reader.take(skeleton)?;
    let text = std::str::from_utf8(reader.take(text)?).map_err(|_| Malformed)?;
    reader.finish()?;
    if !ascending(holes.iter().map(|hole| &hole.at), skeleton.len()) {
        return Err(Malformed);
    }
    Ok(Container { skeleton, holes, text })
}

/// A body out of a container without holes, whose memory becomes the resource's.
pub(crate) fn into_body(mut bytes: Zeroizing<Vec<u8>>) -> Read<Body> {
    let container = decode(&bytes)?;
    let text = Zeroizing::new(container.text.to_owned());
    let (start, end) = (HEAD, HEAD + container.skeleton.len());
    if !container.holes.is_empty() {
        return Err(Malformed);
    }
    bytes.truncate(end);
    bytes.drain(..start);
    Ok(Body { resource: bytes, text })
}

/// The pieces of a skeleton around its holes: `pieces[n]` stands before hole n, the last one after all of them.
pub(crate) fn pieces(skeleton: &[u8], offsets: impl Iterator<Item = u64>) -> Read<Vec<&[u8]>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for at in offsets {
        let at = usize::try_from(at).map_err(|_| Malformed)?;
        pieces.push(skeleton.get(from..at).ok_or(Malformed)?);
        from = at;
    }
    pieces.push(skeleton.get(from..).ok_or(Malformed)?);
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(body: &NewBody<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(Vec::new());
        super::encode(body, &mut out).map(|()| out)
    }

    #[test]
    fn container_round_trip_and_cut() {
        let holes = [1, 1, 4].map(|at| Hole { at, attachment: AttachmentId::from_bytes([9; 16]) });
        let body = NewBody { resource_skeleton: b"abcd", holes: &holes, text: "śabda" };
        let bytes = encode(&body).unwrap();
        let read = decode(&bytes).unwrap();
        assert_eq!((read.skeleton, read.text), (&b"abcd"[..], "śabda"));
        assert_eq!(read.holes, holes);
        assert!(into_body(bytes.clone()).is_err(), "holes are to be filled");
        let whole = encode(&NewBody { resource_skeleton: b"abcd", holes: &[], text: "śabda" }).unwrap();
        let whole = into_body(whole).unwrap();
        assert_eq!((whole.resource.as_slice(), whole.text.as_str()), (&b"abcd"[..], "śabda"));
        assert_eq!(pieces(b"abcd", [1, 1, 4].into_iter()).unwrap(), [&b"a"[..], b"", b"bcd", b""]);
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len]).is_err(), "cut to {len}");
        }
    }

    #[test]
    fn holes_out_of_place_are_refused() {
        let hole = |at| Hole { at, attachment: AttachmentId::from_bytes([0; 16]) };
        for holes in [&[hole(2), hole(1)][..], &[hole(5)]] {
            assert!(encode(&NewBody { resource_skeleton: b"abcd", holes, text: "" }).is_err());
        }
        let mut bytes = encode(&NewBody { resource_skeleton: b"abcd", holes: &[hole(4)], text: "" }).unwrap();
        bytes[25] = 5;
        assert!(decode(&bytes).is_err());
        bytes[9..17].fill(0xff);
        assert!(decode(&bytes).is_err(), "a count that overflows");
    }
}
