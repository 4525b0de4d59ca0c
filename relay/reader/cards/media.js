/** What a file is, told by its first bytes. */
import { base64 } from "../link.js";

const MAGIC = [
  [[0xff, 0xd8, 0xff], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "image/png"],
  ["GIF8", "image/gif"],
  ["II*\0", "image/tiff"],
  ["MM\0*", "image/tiff"],
  ["BM", "image/bmp"],
  ["PK\x03\x04", "application/zip"],
  [[0x1f, 0x8b], "application/gzip"],
  ["{\\rtf", "application/rtf"],
  ["%PDF-", "application/pdf"],
  ["OggS", "audio/ogg"],
  ["ID3", "audio/mpeg"],
  [[0xd0, 0xcf, 0x11, 0xe0], "application/msword"],
].map(([mark, type]) => [typeof mark === "string" ? [...mark].map((letter) => letter.charCodeAt(0)) : mark, type]);

const HEIC = ["heic", "heix", "mif1", "hevc"];

/** The media type of bytes, or undefined. Text types are not guessed, save XML and HTML. */
export function mediaOf(bytes) {
  const word = (from, to) => String.fromCharCode(...bytes.subarray(from, to));
  const found = MAGIC.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  // "BM" opens words as well; a bitmap has zeros after its length.
  if (found) return found[1] === "image/bmp" && word(6, 10) !== "\0\0\0\0" ? undefined : found[1];
  if (word(128, 132) === "DICM") return "application/dicom";
  if (word(0, 4) === "RIFF" && word(8, 12) === "WEBP") return "image/webp";
  if (word(0, 4) === "RIFF" && word(8, 12) === "WAVE") return "audio/wav";
  if (word(4, 8) === "ftyp") return HEIC.includes(word(8, 12)) ? "image/heic" : "video/mp4";
  const head = word(0, 1100)
    .replace(/^\xef\xbb\xbf/, "")
    .replace(/^[ \t\n\r\f]+/, "")
    .slice(0, 1024);
  // Readers look for the mark of a PDF in the first kilobyte.
  if (head.includes("%PDF-")) return "application/pdf";
  if (/^<(!doctype html|html)/i.test(head)) return "text/html";
  return /^<\?xml/i.test(head) ? "application/xml" : undefined;
}

/** A look at a base64 text: `{head, size}` with its first bytes and its decoded length; undefined where it is no base64. Nothing else is decoded. */
export function peek(data) {
  const plain = data.replace(/[ \t\n\r\f]+/g, "").replace(/=+$/, "");
  if (plain.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(plain)) return undefined;
  const start = plain.slice(0, 1600);
  return { head: base64(start + "=".repeat((4 - (start.length % 4)) % 4)), size: Math.floor((plain.length * 3) / 4) };
}
