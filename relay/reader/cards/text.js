/** Foreign text made fit to stand on the page. */

const SPACE = /[ \t\n\r\u00a0\u2028\u2029]+/g;
const DROPPED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** White space collapsed; control, zero-width and direction-changing characters dropped. Joiners stay: Indian scripts need them. */
export function tidy(text) {
  if (PLAIN.test(text)) return text;
  return text.replace(DROPPED, "").replace(SPACE, " ").replace(/^ | $/g, "");
}

/** Cuts to a number of characters with an ellipsis, never between a letter and its marks. */
export function clip(text, longest) {
  if (text.length <= longest) return text;
  const letters = [];
  for (const letter of text) {
    letters.push(letter);
    if (letters.length > longest) break;
  }
  if (letters.length <= longest) return text;
  let end = longest - 1;
  while (end > 0 && isMark(letters[end].codePointAt(0))) end -= 1;
  return `${letters.slice(0, end).join("").replace(/[\u200d ]+$/, "")}…`;
}

/** Characters that belong to the one before them: combining marks of Latin and of the Indic scripts, joiners. */
function isMark(code) {
  if ((code >= 0x300 && code <= 0x36f) || code === 0x200c || code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f)) return true;
  if (code < 0x900 || code > 0xdff) return false;
  const place = code & 0x7f;
  return place <= 3 || (place >= 0x3a && place <= 0x3c) || (place >= 0x3e && place <= 0x4f) || (place >= 0x51 && place <= 0x57) || place === 0x62 || place === 0x63;
}

/** {@link tidy} and {@link clip}: what any foreign text goes through before it is shown. */
export const clean = (text, longest = 200) => clip(tidy(text), longest);
