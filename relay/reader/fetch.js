/** What the page asks of its own server: the manifest, or the one file of a direct link. Every answer is bounded. */
import { Stop } from "./link.js";

const TIMEOUT_MS = 45_000;
const MAX_ANSWER = 48 * 1024 * 1024;
const MAX_FILES = 100;
const EMBEDDED_MAX = 4_000_000;

/** A wrong passcode; `remaining` is the number of attempts left, or null where the server does not tell. */
export class WrongPasscode extends Error {
  constructor(remaining) {
    super("wrong-passcode");
    this.remaining = remaining;
  }
}

async function request(url, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(url, {
      ...options,
      mode: "same-origin",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    return { status: answer.status, text: await bounded(answer) };
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop("no-network");
  } finally {
    clearTimeout(timer);
  }
}

async function bounded(answer) {
  if (!answer.body) return "";
  const reader = answer.body.getReader();
  const decoder = new TextDecoder("utf-8");
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > MAX_ANSWER) {
      await reader.cancel();
      throw new Stop("too-large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function refuse(status) {
  if (status === 404 || status === 410) throw new Stop("ended");
  if (status === 429) throw new Stop("busy");
  if (status >= 500) throw new Stop("server");
  throw new Stop("not-understood");
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Stop("not-understood");
  }
}

/**
 * The encrypted files of a link: `[{type, jwe}]`, or `{type, stop}` for a file that could not be fetched.
 * `recipient` is who asks, `passcode` as typed (null without one). Throws {@link Stop} or {@link WrongPasscode}.
 */
export async function fetchFiles(link, recipient, passcode) {
  if (link.direct) {
    const url = new URL(link.url);
    url.searchParams.set("recipient", recipient);
    const { status, text } = await request(url, { method: "GET", headers: { accept: "application/jose" } });
    if (status !== 200) refuse(status);
    return [{ type: "", jwe: text.trim() }];
  }
  const files = await manifest(link, recipient, passcode);
  return Promise.all(files.map((file) => one(file, link.url.origin).catch((stop) => ({ type: typeOf(file), stop }))));
}

async function manifest(link, recipient, passcode) {
  const body = { recipient, embeddedLengthMax: EMBEDDED_MAX };
  if (passcode !== null) body.passcode = passcode.normalize();
  const { status, text } = await request(link.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (status === 401 && link.passcode) wrongPasscode(text);
  if (status !== 200) refuse(status);
  const files = json(text)?.files;
  if (!Array.isArray(files)) throw new Stop("not-understood");
  if (files.length > MAX_FILES) throw new Stop("too-large");
  return files.filter((file) => file !== null && typeof file === "object");
}

function wrongPasscode(text) {
  let remaining = null;
  try {
    remaining = JSON.parse(text).remainingAttempts;
  } catch {
    // The count is a courtesy of the server: without it the page says only that the code did not fit.
  }
  if (remaining === 0) throw new Stop("no-attempts");
  throw new WrongPasscode(Number.isSafeInteger(remaining) && remaining > 0 ? remaining : null);
}

const typeOf = (file) => (typeof file.contentType === "string" ? file.contentType : "");

async function one(file, origin) {
  const type = typeOf(file);
  if (typeof file.embedded === "string") return { type, jwe: file.embedded.trim() };
  if (typeof file.location !== "string") throw new Stop("not-understood");
  let url;
  try {
    url = new URL(file.location);
  } catch {
    throw new Stop("not-understood");
  }
  if (url.origin !== origin) throw new Stop("other-server", { server: url.host });
  const { status, text } = await request(url, { method: "GET", headers: { accept: "application/jose" } });
  if (status !== 200) refuse(status);
  return { type, jwe: text.trim() };
}
