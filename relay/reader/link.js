/** The link in the address (SMART Health Links STU1, payload and URI). */

/** Why the page cannot go on: `code` names a sentence `stop.<code>.title` and `.text`; `values` fill it. Never holds record data. */
export class Stop extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

const MAX_FRAGMENT = 8192;
const MAX_URL = 512;

/** Bytes of a base64url text without padding. Throws `RangeError` where it is none. */
export function base64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new RangeError("base64url");
  return base64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

/** Bytes of a base64 text, white space allowed. Throws where it is none. */
export function base64(text) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Reads the link out of a URL fragment and checks it against the page's own `origin`.
 * Returns `{url, key, expires, label, passcode, direct}`; throws {@link Stop}.
 */
export function readLink(fragment, origin) {
  if (fragment.length > MAX_FRAGMENT) throw new Stop("link-damaged");
  let text = fragment;
  if (!text.includes("shlink:/")) {
    try {
      text = decodeURIComponent(fragment);
    } catch {
      // A stray percent sign: the text stays as it is and holds no link.
    }
  }
  const found = /shlink:\/([A-Za-z0-9_-]*)/.exec(text);
  if (!found) throw new Stop("no-link");
  let payload;
  try {
    payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64url(found[1])));
  } catch {
    throw new Stop("link-damaged");
  }
  if (payload === null || typeof payload !== "object" || Array.isArray(payload)) throw new Stop("link-damaged");
  const label = typeof payload.label === "string" ? [...payload.label].slice(0, 80).join("") : "";
  const version = payload.v ?? 1;
  if (typeof version !== "number" || version > 1) throw new Stop("newer-version", { label });
  return { ...place(payload, origin), key: keyOf(payload), label, expires: expiry(payload), ...flags(payload) };
}

function place(payload, origin) {
  if (typeof payload.url !== "string" || payload.url.length > MAX_URL) throw new Stop("link-damaged");
  let url;
  try {
    url = new URL(payload.url);
  } catch {
    throw new Stop("link-damaged");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new Stop("link-damaged");
  if (url.origin !== origin) throw new Stop("other-server", { server: url.host });
  if (url.username || url.password) throw new Stop("link-damaged");
  return { url };
}

function keyOf(payload) {
  if (typeof payload.key !== "string" || payload.key.length !== 43) throw new Stop("link-damaged");
  try {
    return base64url(payload.key);
  } catch {
    throw new Stop("link-damaged");
  }
}

/** The end as `Date`; a hint only: the server decides. */
function expiry(payload) {
  const seconds = payload.exp;
  if (typeof seconds !== "number" || !(seconds > 0) || seconds > 8e12) return null;
  return new Date(seconds * 1000);
}

function flags(payload) {
  const flag = typeof payload.flag === "string" ? payload.flag : "";
  const direct = flag.includes("U");
  const passcode = flag.includes("P");
  // The guide forbids U with P: a direct file has no step in which a passcode could be asked.
  if (direct && passcode) throw new Stop("link-damaged");
  return { direct, passcode };
}
