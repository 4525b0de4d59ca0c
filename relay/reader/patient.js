/** The header of the page: who this is. */
import { clean } from "./cards/text.js";
import { at, first, list, object, str, text } from "./tree.js";
import { t } from "./strings.js";
import { day, instant } from "./when.js";

const USES = ["official", "usual", undefined, "temp", "nickname", "anonymous", "maiden", "old"];

/** The name to show: official before usual before the rest, one that still holds before one that ended; "" when not shared. */
export function patientName(patient) {
  const names = list(at(patient, "name")).filter((name) => name !== null && typeof name === "object");
  const rank = (name) => USES.indexOf(str(name, "use")) + (str(at(name, "period"), "end") ? 100 : 0);
  const best = names.sort((a, b) => rank(a) - rank(b))[0];
  if (!best) return "";
  const parts = [...list(best.prefix), ...list(best.given), text(best.family), ...list(best.suffix)].filter((part) => typeof part === "string");
  return clean(text(best.text) || parts.join(" "), 120);
}

/** A birth date `2024`, `2024-03` or `2024-03-05` as `{year, month, day, ms}`; null where it is no date. */
function birth(date) {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(date ?? "");
  if (!match) return null;
  const [year, month, dayOfMonth] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  const ms = Date.UTC(year, (month ?? 1) - 1, dayOfMonth ?? 1);
  const real = new Date(ms);
  if (real.getUTCMonth() !== (month ?? 1) - 1 || real.getUTCDate() !== (dayOfMonth ?? 1)) return null;
  return { year, month, day: dayOfMonth, ms };
}

/** Age in words on `today` (Unix ms); days below a month, months below two years. "" where it cannot be told. */
export function age(date, today) {
  const born = birth(date);
  if (!born) return "";
  const now = new Date(today);
  let months = (now.getFullYear() - born.year) * 12 + now.getMonth() - ((born.month ?? 1) - 1);
  if (born.day !== undefined && now.getDate() < born.day) months -= 1;
  if (months < 0 || months > 150 * 12) return "";
  if (born.month === undefined) return t("patient.age.about", { age: t("patient.age.years", { n: now.getFullYear() - born.year }) });
  if (months >= 24) return t("patient.age.years", { n: Math.floor(months / 12) });
  if (months >= 1) return t("patient.age.months", { n: months });
  const days = Math.floor((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - born.ms) / 86_400_000);
  return born.day === undefined ? t("patient.age.months", { n: 0 }) : days >= 0 ? t("patient.age.days", { n: days }) : "";
}

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

function bornText(date) {
  const born = birth(date);
  if (!born) return "";
  const shown = born.day !== undefined ? day(born.ms) : born.month !== undefined ? MONTH.format(born.ms) : String(born.year);
  return t("patient.born", { date: shown });
}

/** `{name, age, born, sex, died, identifiers: [text]}` in words. */
export function describe(patient, today) {
  const birthDate = str(patient, "birthDate");
  const died = str(patient, "deceasedDateTime");
  const gender = str(patient, "gender");
  const dead = died ? t("patient.age.died", { date: instant(died) || clean(died, 10) }) : at(patient, "deceasedBoolean") === true ? t("patient.age.deceased") : "";
  return {
    name: patientName(patient) || t("patient.unnamed"),
    age: dead ? "" : age(birthDate, today) || t("patient.age.unknown"),
    born: bornText(birthDate),
    sex: ["male", "female", "other", "unknown"].includes(gender) ? t(`patient.sex.${gender}`) : t("patient.sex.absent"),
    died: dead,
    identifiers: identifiers(patient),
  };
}

function identifiers(patient) {
  return list(at(patient, "identifier"))
    .slice(0, 6)
    .map(object)
    .flatMap((identifier) => {
      const kind = clean(str(at(identifier, "type"), "text") ?? str(first(at(at(identifier, "type"), "coding")), "display") ?? "", 40);
      const value = clean(str(identifier, "value") ?? "", 40);
      return kind && value ? [t("patient.id", { kind, value })] : [];
    })
    .slice(0, 3);
}
