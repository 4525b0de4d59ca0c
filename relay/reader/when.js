/** Dates of the page itself (not of cards): in the reader's own clock. */

const LONG = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** "5 Mar 2024, 10:15" of a `Date`, in the local zone. */
export const when = (date) => LONG.format(date);

/** "5 Mar 2024" of Unix milliseconds that mean a day. */
export const day = (ms) => DAY.format(new Date(ms));

/** `when` of an instant text, or "" where it is none. */
export function instant(text) {
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return "";
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : when(date);
}
