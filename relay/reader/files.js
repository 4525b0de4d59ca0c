/** Attached files: what they are is told by their first bytes, never by what they claim. PDF and pictures open, plain text is saved, nothing else opens. */
import { foreign, h, icon } from "./dom.js";
import { mediaOf, peek } from "./cards/media.js";
import { clean } from "./cards/text.js";
import { base64 } from "./link.js";
import { list, object, text } from "./tree.js";
import { t } from "./strings.js";

const MAX_FILE = 30_000_000;
const MAX_FOUND = 40;
const MAX_DEPTH = 14;
const KEEP_MS = 10 * 60_000;

/** Attachments of a resource: `{data, type, title}`, or `{elsewhere: true}` for one that only points outside. */
export function attachmentsOf(entry) {
  const found = [];
  walk(entry.resource, entry, found, 0);
  return found;
}

function walk(value, entry, found, depth) {
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH || found.length >= MAX_FOUND) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 2_000)) walk(item, entry, found, depth + 1);
    return;
  }
  const type = text(value.contentType);
  if (typeof value.data === "string" && value.data !== "" && (type || value.resourceType === "Binary")) {
    found.push({ data: value.data, type, title: text(value.title) });
    return;
  }
  if (type && typeof value.url === "string") {
    const target = object(entry.place?.find(value.url, entry.resource));
    const data = text(target.data) || text(object(object(list(target.content)[0]).attachment).data);
    found.push(data ? { data, type, title: text(value.title) } : { elsewhere: true, title: text(value.title) });
    return;
  }
  for (const key of Object.keys(value)) walk(value[key], entry, found, depth + 1);
}

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** `{kind: "pdf" | "image" | "text" | "unknown" | "lies" | "damaged" | "toolarge", mime, size}` from the bytes of a base64 text and the declared type. */
export function sniff(data, declared) {
  if (data.length > (MAX_FILE / 3) * 4) return { kind: "toolarge" };
  const look = peek(data);
  if (!look) return { kind: "damaged" };
  const { head, size } = look;
  const mime = mediaOf(head);
  if (mime === "application/pdf") return { kind: "pdf", mime, size };
  if (PICTURES.includes(mime)) return { kind: "image", mime, size };
  const claim = declared.split(";")[0].trim().toLowerCase();
  const printable = head.length > 0 && head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
  if (mime === undefined && claim === "text/plain" && printable) return { kind: "text", mime: "text/plain", size };
  return { kind: claim === "application/pdf" || PICTURES.includes(claim) ? "lies" : "unknown" };
}

const ENDINGS = { "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "text/plain": "txt" };

/** A blob address of the decoded file, of the type its bytes tell; forgotten after a while. Null where the base64 is broken. */
function address(data, mime) {
  let blob;
  try {
    blob = new Blob([base64(data.replace(/\s+/g, ""))], { type: mime === "text/plain" ? "text/plain;charset=utf-8" : mime });
  } catch {
    return null;
  }
  const url = URL.createObjectURL(blob);
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
  return url;
}

function follow(url, attributes) {
  const anchor = h("a", { href: url, hidden: true, ...attributes });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}

function sizeText(bytes) {
  const [amount, unit] = bytes >= 1e6 ? [bytes / 1e6, "megabyte"] : [Math.max(1, bytes / 1e3), "kilobyte"];
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}

/** The list of an entry's files with what can be done with each, or null. */
export function fileList(entry, title) {
  const files = attachmentsOf(entry);
  return files.length === 0 ? null : h("ul", { class: "files" }, files.map((file) => fileItem(file, title)));
}

function fileItem(file, title) {
  const refused = (key) => h("li", { class: "file file-refused" }, icon("file"), h("span", {}, t(key)));
  if (file.elsewhere) return refused("file.elsewhere");
  const { kind, mime, size } = sniff(file.data, file.type);
  if (!["pdf", "image", "text"].includes(kind)) return refused(`file.${kind}`);
  const item = h("li", { class: "file" });
  const word = t(`file.${kind}`);
  const damaged = () => item.replaceChildren(...refused("file.damaged").childNodes);
  const button = (label, act) => h("button", { type: "button", class: "button-small", click: act }, label);
  const withAddress = (act) => () => {
    const url = address(file.data, mime);
    if (url === null) damaged();
    else act(url);
  };
  const save = button(t("file.save", { kind: word }), withAddress((url) => follow(url, { download: `record.${ENDINGS[mime]}` })));
  item.append(icon("file"), h("span", { class: "file-size" }, t("file.size", { kind: word, size: sizeText(size) })));
  if (file.title) item.append(foreign("span", "file-title", clean(file.title, 120)));
  if (kind === "pdf") item.append(button(t("file.open", { kind: word }), withAddress((url) => follow(url, { target: "_blank", rel: "noopener noreferrer" }))));
  if (kind === "image") item.append(pictureButton(item, title, withAddress));
  item.append(save);
  return item;
}

function pictureButton(item, title, withAddress) {
  const show = h("button", { type: "button", class: "button-small" }, t("file.show"));
  show.addEventListener(
    "click",
    withAddress((url) => {
      item.append(h("img", { src: url, alt: t("file.alt", { title }), class: "picture" }));
      show.remove();
      item.querySelector("button")?.focus();
    }),
  );
  return show;
}
