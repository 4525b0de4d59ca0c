/** Cards of visits, imaging, advice, plans, appointments, bills. */
import { any, at, first, list, str, there } from "../tree.js";
import { dayText, momentText, parse } from "./date.js";
import { firstOf, hasCode, known, label } from "./label.js";
import { person } from "./medicine.js";
import { address, nameOf, resolve } from "./names.js";
import { quantity, quantityText, shown, withUnit } from "./quantity.js";
import { join, narrative, note, plain, reasons, statusIs, statusWord } from "./shared.js";
import { phrase, word } from "./table.js";
import { clean } from "./text.js";
import { dateOf } from "./timeline.js";
import { valueText } from "./value.js";

const DAY_MS = 86_400_000;

/** A visit or stay. */
export function encounter(root, context, draft) {
  const kind = at(root, "class");
  draft.title = label(at(root, "type"), "other") ?? known(kind, "class") ?? label(kind, "other", "class") ?? label(at(root, "serviceType"), "other");
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  else if (statusIs(root, ["planned"])) draft.stand("planned", "planned");
  else draft.chip(statusWord(root, "status", "visitStatus"));
  draft.chip(reasons(root, context));
  const place = nameOf(any(root, "serviceProvider", "managingOrganization"), root, context) ?? nameOf(at(first(at(root, "location")), "location"), root, context);
  draft.line = join([place, person(root, at(root, "participant"), context), stay(root, context)]);
}

/** `3 days`, for a stay over at least one night. */
function stay(root, context) {
  const when = dateOf(root, context)?.when;
  if (!when || when.end === null) return undefined;
  const dayOf = (ms) => Math.floor((ms + (when.offset ?? 0) * 60_000) / DAY_MS);
  const nights = dayOf(when.end) - dayOf(when.start);
  return nights > 0 ? phrase("stay", { n: nights + 1 }) : undefined;
}

/** A set of pictures. */
export function imaging(root, context, draft) {
  const series = list(at(root, "series"));
  const one = first(at(root, "series"));
  const own = any(root, "modality", "modalityList");
  const ofSeries = at(one, "modality");
  const modality = known(own, "modality") ?? known(ofSeries, "modality") ?? label(own, "other", "modality") ?? label(ofSeries, "other", "modality");
  const place = label(at(one, "bodySite"), "other") ?? label(at(root, "bodySite"), "other");
  draft.title = modality !== undefined && place !== undefined ? `${modality}, ${place}` : (modality ?? plain(root, "description") ?? place);
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  const seriesCount = str(root, "numberOfSeries") ?? String(series.filter(there).length);
  const images = str(root, "numberOfInstances") ?? String(series.reduce((sum, item) => sum + list(at(item, "instance")).length, 0));
  const description = plain(root, "description");
  draft.line = join([description === draft.title ? undefined : description, counts(seriesCount, images)]);
  draft.chip(reasons(root, context));
}

function counts(series, images) {
  if (series === "0" && images === "0") return undefined;
  if (images === "0") return phrase("series", { series });
  return series === "0" ? phrase("imageCount", { images }) : phrase("images", { series, images });
}

/** Something advised or ordered; it is not known to have happened. */
export function request(root, context, draft) {
  draft.title =
    label(at(root, "code"), "procedure") ??
    label(any(root, "codeCodeableConcept", "serviceRequested", "type", "category"), "other") ??
    label(at(first(at(root, "item")), "code"), "lab") ??
    plain(root, "description") ??
    narrative(root, 80);
  if (statusIs(root, ["revoked", "cancelled", "rejected"])) draft.stand("cancelled", "cancelled");
  else if (statusIs(root, ["draft"])) draft.stand("planned", "draft");
  else {
    draft.stand("planned", "advised");
    draft.chip(statusWord(root, "status", "requestStatus"));
  }
  const reason = reasons(root, context);
  const who = nameOf(at(root, "requester"), root, context);
  draft.line = join([reason && phrase("for", { reason }), who && phrase("by", { who })]) ?? plain(root, "patientInstruction") ?? note(root);
}

/** A care plan, goal or team. */
export function plan(root, context, draft) {
  draft.title = plain(root, "title") ?? label(at(root, "description"), "other") ?? plain(root, "name") ?? label(at(root, "category"), "other") ?? plain(root, "description") ?? narrative(root, 80);
  draft.chip(statusWord(root, "achievementStatus", "planStatus") ?? statusWord(root, "status", "planStatus") ?? statusWord(root, "lifecycleStatus", "planStatus"));
  if (statusIs(root, ["cancelled", "revoked"])) draft.stand("cancelled", "cancelled");
  else if (statusIs(root, ["rejected"])) draft.stand("cancelled", "declined");
  else draft.stand("planned");
  const n = list(at(root, "activity")).filter(there).length;
  const activities = n === 0 ? undefined : n === 1 ? phrase("activitiesOne") : phrase("activities", { n });
  const target = firstOf(list(at(root, "target")), (one) => valueText(one, "detail"));
  const description = plain(root, "description");
  draft.line = join([target && phrase("target", { text: target }), description === draft.title ? undefined : description, activities]) ?? note(root);
}

/** An appointment: booked is not kept. */
export function appointment(root, context, draft) {
  draft.title = label(at(root, "serviceType"), "other") ?? plain(root, "description") ?? label(at(root, "appointmentType"), "other") ?? reasons(root, context);
  draft.chip(statusWord(root, "status", "appointmentStatus"));
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  else if (statusIs(root, ["noshow"])) draft.stand("cancelled", "missed");
  else if (!statusIs(root, ["fulfilled", "arrived", "checked-in"])) draft.stand("planned");
  const isPatient = (actor) => address(actor)?.includes("Patient/") || str(resolve(actor, root, context), "resourceType") === "Patient";
  const others = list(at(root, "participant"))
    .map((participant) => at(participant, "actor"))
    .filter((actor) => there(actor) && !isPatient(actor))
    .map((actor) => nameOf(actor, root, context))
    .filter((name) => name !== undefined)
    .slice(0, 3);
  draft.line = others.join(" · ") || (note(root) ?? plain(root, "comment"));
  const [from, to] = [parse(str(root, "start") ?? ""), parse(str(root, "end") ?? "")];
  if (from && to && dayText(from) === dayText(to)) draft.dateText = momentText(from);
}

/** Bills and insurance. */
export function billing(root, context, draft) {
  draft.title = word(["en", "nouns"], str(root, "resourceType") ?? "");
  const money = (node) => {
    const digits = str(node, "value");
    return digits === undefined ? undefined : withUnit(shown(digits), clean(str(node, "currency") ?? str(node, "code") ?? ""));
  };
  const cost = quantity(at(root, "totalCost"));
  const amount = money(first(any(root, "total", "totalNet", "totalGross"))) ?? firstOf(list(at(root, "total")), (total) => money(at(total, "amount"))) ?? (cost && quantityText(cost));
  draft.line = join([label(at(root, "type"), "other"), amount, nameOf(any(root, "insurer", "payor", "payer", "issuer"), root, context)]);
  if (hasCode(at(root, "status"), ["cancelled"])) draft.stand("cancelled", "cancelled");
}
