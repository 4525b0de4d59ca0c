/** Narrative as plain text: every tag, style, script and entity gone, only the words left. Nothing is parsed as a document, loaded or run. */
import { tidy } from "./text.js";

const SILENT = new Set(["script", "style", "head", "title", "object", "iframe", "svg"]);
const INLINE = new Set(["b", "i", "span", "a", "em", "strong", "sub", "sup", "u"]);
const LONGEST = 64 * 1024;

/** The words of XHTML (`text.div`). */
export function plainText(xhtml) {
  let out = "";
  let rest = xhtml;
  let silent;
  while (out.length < LONGEST) {
    const open = rest.indexOf("<");
    if (silent === undefined) out += open < 0 ? rest : rest.slice(0, open);
    if (open < 0) break;
    const tail = rest.slice(open + 1);
    if (tail.startsWith("!--")) {
      rest = after(tail.slice(3), "-->");
      continue;
    }
    if (tail.startsWith("![CDATA[")) {
      rest = after(tail.slice(8), "]]>");
      continue;
    }
    const end = endOfTag(tail);
    const tag = tail.slice(0, end);
    rest = tail.slice(end + 1);
    const closing = tag.startsWith("/");
    const name = /^\/*([A-Za-z0-9:]*)/.exec(tag)[1].toLowerCase().split(":").at(-1);
    if (silent !== undefined) {
      if (closing && name === silent) silent = undefined;
    } else {
      if (SILENT.has(name) && !closing && !tag.endsWith("/")) silent = name;
      if (!INLINE.has(name)) out += " ";
    }
  }
  return tidy(entities(out));
}

function after(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? "" : text.slice(at + mark.length);
}

/** Where the `>` stands that ends a tag; one within quotes does not end it. */
function endOfTag(text) {
  let quote = "";
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i];
    if (quote === "" && letter === ">") return i;
    if (quote === "" && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote) quote = "";
  }
  return text.length;
}

const NAMED = new Map([["amp", "&"], ["lt", "<"], ["gt", ">"], ["quot", '"'], ["apos", "'"], ["nbsp", " "], ["deg", "°"], ["micro", "µ"], ["ndash", "–"]]);

function entities(text) {
  return text.replace(/&([^&;]{1,8});/g, (whole, name) => {
    const named = NAMED.get(name);
    if (named !== undefined) return named;
    const number = /^#(?:[xX]([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (!number) return whole;
    const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
    return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
