/** Cards of results, vital signs and reports. */
import { any, at, first, list, str, there } from "../tree.js";
import { bounds, flag, isOutside, ranges, rangeText } from "./flag.js";
import { codings, firstOf, hasCode, known, label, systemName } from "./label.js";
import { resolve } from "./names.js";
import { float, numberText, quantity, quantityText } from "./quantity.js";
import { join, narrative, note, plain, statusIs, statusWord } from "./shared.js";
import { part, phrase, word } from "./table.js";
import { clean, clip } from "./text.js";
import { absent, valueText } from "./value.js";

/** Most results that a report's card looks at. */
const RESULTS = 300;

/** A single result or vital sign. */
export function observation(root, context, draft) {
  const vital = hasCode(at(root, "category"), ["vital-signs"]) || hasCode(at(root, "code"), part("bloodPressure", "panel"));
  draft.kind = vital ? "vital" : "result";
  draft.title = panelName(at(root, "code")) ?? label(at(root, "code"), "lab");
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  else draft.chip(statusWord(root, "status", "resultStatus"));
  const all = ranges(root);
  draft.rangeText = rangeText(all);
  const amount = quantity(at(root, "valueQuantity"));
  draft.flag = flag(root, amount, all);
  draft.unitUnclear = [root, ...list(at(root, "component"))].some((one) => quantity(at(one, "valueQuantity"))?.unclear);
  draft.series = amount && series(root, amount);
  draft.line = ownValue(root, amount, all) ?? members(root) ?? note(root) ?? narrative(root, 80) ?? phrase("noValueAtAll");
}

/** The plain name of a blood pressure panel, whose long name says little. */
function panelName(code) {
  const panel = part("bloodPressure", "panel").find((one) => hasCode(code, [one]));
  return panel === undefined ? undefined : word(["en", "labels", "LOINC"], panel);
}

/** The value of a result in words: its own, its parts, or why there is none. */
function ownValue(root, amount, all) {
  const own = amount ? quantityText(amount, bounds(all)) : valueText(root, "value", bounds(all));
  return own ?? bloodPressureText(root) ?? components(root) ?? absent(root);
}

/** The point in a chart; undefined for what cannot be compared. */
function series(root, amount) {
  const key = codeKey(at(root, "code"));
  const value = float(amount);
  if (amount.unclear || key === undefined || value === undefined) return undefined;
  return { key: `${key}|${amount.normal}`, value, unit: amount.unit, comparator: amount.comparator };
}

/** Code identity: LOINC, else the first system and code with the words, else the words. */
export function codeKey(concept) {
  let found;
  for (const coding of codings(first(concept))) {
    const code = str(coding, "code");
    if (code === undefined) continue;
    const system = str(coding, "system") ?? "";
    if (systemName(system) === "LOINC") return `loinc|${code}`;
    found ??= `${system}|${code}`;
  }
  const text = str(concept, "text");
  return text === undefined ? found : `${found ?? "text"}|${clean(text).toLowerCase()}`;
}

/** Systolic and diastolic of a result `{systolic, diastolic}` as amounts, when both parts are there in one unit. */
export function bloodPressure(root) {
  const find = (key) =>
    quantity(
      at(
        list(at(root, "component")).find((component) => hasCode(at(component, "code"), [part("bloodPressure", key)])),
        "valueQuantity",
      ),
    );
  const [systolic, diastolic] = [find("systolic"), find("diastolic")];
  return systolic && diastolic && systolic.normal === diastolic.normal && !systolic.unclear && !diastolic.unclear ? { systolic, diastolic } : undefined;
}

/** `120/80 mmHg`. */
function bloodPressureText(root) {
  const pair = bloodPressure(root);
  return pair && `${numberText(pair.systolic)}/${numberText(pair.diastolic)} ${pair.systolic.unit || part("bloodPressure", "unit")}`;
}

/** Components as `name value`, six at most. */
function components(root) {
  const found = list(at(root, "component"))
    .map((component) => {
      const name = label(at(component, "code"), "lab");
      const value = name && (valueText(component, "value") ?? absent(component));
      return value && phrase("namedValue", { name, value });
    })
    .filter(Boolean)
    .slice(0, 6);
  return found.length > 0 ? found.join(" · ") : undefined;
}

function members(root) {
  const n = list(any(root, "hasMember", "related")).filter(there).length;
  return n === 0 ? undefined : n === 1 ? phrase("panelOne") : phrase("panel", { n });
}

const IMAGING = ["RAD", "RX", "CT", "MR", "US", "NMR", "XRC", "RUS", "NMS", "18748-4", "LP29684-5", "394914008", "363679005"];

/** A report: of a laboratory its results in numbers, of imaging its conclusion. */
export function report(root, context, draft) {
  const category = at(root, "category");
  draft.title = label(at(root, "code"), "lab") ?? known(category, "reportCategory") ?? label(category, "other", "reportCategory");
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  else draft.chip(statusWord(root, "status", "resultStatus"));
  const whole = plain(root, "conclusion");
  const conclusion = whole && clip(whole, 140);
  const counted = results(root, context);
  const own = hasCode(category, IMAGING) ? (conclusion ?? counted) : join([counted, conclusion]);
  draft.line = own ?? label(any(root, "conclusionCode", "codedDiagnosis"), "condition") ?? note(root) ?? narrative(root, 140);
  draft.chip(firstOf(list(at(root, "presentedForm")), (form) => word(["en", "media"], (str(form, "contentType") ?? "").split(";")[0].trim())));
}

/** `12 results, 2 outside range`, then the first two of those by name. */
function results(root, context) {
  const references = list(at(root, "result")).filter(there).slice(0, RESULTS);
  if (references.length === 0) return undefined;
  let outside = 0;
  let missing = 0;
  const named = [];
  for (const reference of references) {
    const node = resolve(reference, root, context);
    if (node === undefined) missing += 1;
    else if (!statusIs(node, ["entered-in-error", "cancelled"])) {
      const all = ranges(node);
      const amount = quantity(at(node, "valueQuantity"));
      const found = flag(node, amount, all);
      if (!found || !isOutside(found)) continue;
      outside += 1;
      if (named.length < 2) named.push(join([label(at(node, "code"), "lab"), amount && quantityText(amount, bounds(all)), found.text])?.replaceAll(" · ", " "));
    }
  }
  const n = references.length;
  const counted = n === 1 ? phrase("resultsOne") : phrase("results", { n });
  return join([outside === 0 ? counted : phrase("resultsOutside", { results: counted, n: outside }), ...named, missing > 0 && phrase("resultMissing", { n: missing })]);
}
