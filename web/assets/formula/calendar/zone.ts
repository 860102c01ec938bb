// What clocks of a zone show at a moment, and the moment at which they show it. Microseconds since 1970-01-01.

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", { ...numeric, timeZone: zone, era: "short", hourCycle: "h23", calendar: "gregory" });
  formats.set(zone, format);
  return format;
}

/** By how much the clocks of the zone are ahead of UTC at that moment. */
function ahead(moment: bigint, zone: string): bigint {
  const seconds = (moment - (((moment % SECOND) + SECOND) % SECOND)) / SECOND;
  const parts = formatOf(zone).formatToParts(new Date(Number(seconds) * 1000));
  const shown = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const [year = 0, month = 1, ...rest] = ["year", "month", "day", "hour", "minute", "second"].map((part) => Number(shown[part]));
  const local = new Date(0);
  local.setUTCFullYear(shown["era"] === "BC" ? 1 - year : year, month - 1, rest[0]);
  local.setUTCHours(rest[1] ?? 0, rest[2], rest[3]);
  return (BigInt(local.getTime() / 1000) - seconds) * SECOND;
}

/** What clocks show, as if it were a moment of UTC. */
export function localOf(moment: bigint, zone: string): bigint {
  return zone === "UTC" ? moment : moment + ahead(moment, zone);
}

/** The first moment at which clocks show it; what a clock set forward skips is as long after midnight. */
export function momentOfLocal(local: bigint, zone: string): bigint {
  if (zone === "UTC") return local;
  const [before, after] = [ahead(local - DAY, zone), ahead(local + DAY, zone)];
  return localOf(local - before, zone) !== local && localOf(local - after, zone) === local ? local - after : local - before;
}
