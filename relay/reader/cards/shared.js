/** What the rules of several types have in common. */
import { any, at, list, str, there, truth, word as wordOf } from "../tree.js";
import { codings, firstOf, label } from "./label.js";
import { nameOf } from "./names.js";
import { plainText } from "./narrative.js";
import { word } from "./table.js";
import { clean, clip, tidy } from "./text.js";

const LINE = 240;

/** The record's narrative in short, for want of anything better. */
export function narrative(root, longest) {
  const div = str(at(root, "text"), "div");
  const text = div === undefined ? "" : plainText(div);
  return text === "" ? undefined : clip(text, longest);
}

/** Notes in one line. */
export function note(root) {
  const notes = list(any(root, "note", "comment", "comments"))
    .map((one) => str(one, "text") ?? wordOf(one))
    .map((text) => (text === undefined ? "" : tidy(text)))
    .filter((text) => text !== "")
    .slice(0, 3);
  return notes.length > 0 ? clip(notes.join(" "), LINE) : undefined;
}

/** A cleaned string member, or undefined. */
export const plain = (node, key) => clean(str(node, key) ?? "") || undefined;

/** Joins what there is with " · ", or undefined. */
export const join = (parts) => parts.filter(Boolean).join(" · ") || undefined;

/** The word of a status in a set of the table; undefined for one that needs no word. */
export const statusWord = (root, key, set) =>
  firstOf(list(at(root, key)), (status) =>
    typeof status === "string" ? word(["en", "labels", set], status) : firstOf(codings(status), (coding) => word(["en", "labels", set], str(coding, "code") ?? "")),
  );

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The reasons of a record in words, or undefined. */
export function reasons(root, context) {
  const found = list(any(root, "reasonCode", "reasonCodeableConcept", "reason", "indication"))
    .map((reason) => reasonOf(reason, root, context))
    .filter((text) => text !== undefined)
    .slice(0, 3);
  if (found.length > 0) return found.join(", ");
  return nameOf(at(root, "reasonReference"), root, context) ?? plain(root, "reasonString");
}

function reasonOf(reason, root, context) {
  if (isObject(reason) && there(at(reason, "reference")) && !there(at(reason, "concept"))) return nameOf(reason, root, context);
  if (isObject(reason) && there(at(reason, "value"))) {
    return firstOf(list(at(reason, "value")), (inner) => label(inner, "condition") ?? nameOf(at(inner, "reference"), root, context));
  }
  return label(reason, "condition");
}

/** True when any of a record's statuses is one of these codes. */
export function statusIs(root, codes) {
  // Other systems and words have other names for the same.
  const is = (text) => {
    const said = text?.trim().toLowerCase();
    return said !== undefined && (codes.includes(said) || codes.includes(word(["status"], said)));
  };
  return ["status", "docStatus", "verificationStatus", "clinicalStatus", "lifecycleStatus"].some((key) =>
    list(at(root, key)).some((status) =>
      typeof status === "string" ? is(status) : codings(status).some((coding) => is(str(coding, "code"))) || is(str(status, "text")?.trim().replaceAll(" ", "-")),
    ),
  );
}

/** What outranks every rule of a type: a source's own withdrawal, an order not to act. */
export function overriding(root) {
  if (statusIs(root, ["entered-in-error", "enteredinerror", "nullified"])) return ["in-error", "in-error"];
  if (truth(root, "doNotPerform") !== true && !extensionSays(root, "donotperform")) return undefined;
  // What was lifted, or has run its time, is no order any more.
  if (statusIs(root, ["stopped", "completed", "cancelled", "revoked", "ended", "inactive"])) return ["cancelled", "cancelled"];
  return ["do-not-perform", (str(root, "resourceType") ?? "").startsWith("Medication") ? "do-not-take" : "do-not-perform"];
}

/** The address of an extension, folded. */
export const extensionName = (extension) => (str(extension, "url") ?? "").toLowerCase().replaceAll("-", "");

/** True when an extension or modifier extension with such a name says yes. */
function extensionSays(root, name) {
  return ["modifierExtension", "extension"].some((key) => list(at(root, key)).some((extension) => extensionName(extension).endsWith(name) && truth(extension, "valueBoolean") === true));
}
