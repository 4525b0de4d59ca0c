/** Opens a file of a link: compact JWE (RFC 7516), `dir` with A256GCM alone, `zip: DEF` as raw DEFLATE (RFC 1951). */
import { Stop, base64url } from "./link.js";

/** Most bytes of one file after inflating. */
export const MAX_PLAIN = 20 * 1024 * 1024;

/** `{type, bytes}` of the file: `type` is the protected header's `cty` or "". Throws {@link Stop} `damaged`, `not-understood` or `too-large`. */
export async function openFile(jwe, rawKey) {
  const parts = jwe.split(".");
  if (parts.length !== 5 || parts[1] !== "") throw new Stop("not-understood");
  const header = readHeader(parts[0]);
  const [iv, body, tag] = [bytes(parts[2]), bytes(parts[3]), bytes(parts[4])];
  // WebCrypto accepts other lengths; the format does not.
  if (iv.length !== 12 || tag.length !== 16) throw new Stop("damaged");
  const sealed = new Uint8Array(body.length + tag.length);
  sealed.set(body);
  sealed.set(tag, body.length);
  const key = await crypto.subtle.importKey("raw", rawKey, "AES-GCM", false, ["decrypt"]);
  const additionalData = new TextEncoder().encode(parts[0]);
  let plain;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData, tagLength: 128 }, key, sealed));
  } catch {
    throw new Stop("damaged");
  }
  if (header.zip === "DEF") plain = await inflate(plain);
  if (plain.length > MAX_PLAIN) throw new Stop("too-large");
  return { type: typeof header.cty === "string" ? header.cty : "", bytes: plain };
}

function bytes(text) {
  try {
    return base64url(text);
  } catch {
    throw new Stop("damaged");
  }
}

function readHeader(text) {
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(text)));
  } catch {
    throw new Stop("not-understood");
  }
  const fits = header?.alg === "dir" && header.enc === "A256GCM" && header.crit === undefined;
  if (!fits || (header.zip !== undefined && header.zip !== "DEF")) throw new Stop("not-understood");
  return header;
}

/** Inflates in parts, so that a small file that swells without end is stopped at the limit. */
async function inflate(deflated) {
  const reader = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    let step;
    try {
      step = await reader.read();
    } catch {
      throw new Stop("damaged");
    }
    if (step.done) break;
    size += step.value.length;
    if (size > MAX_PLAIN) {
      await reader.cancel();
      throw new Stop("too-large");
    }
    parts.push(step.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
