// An amount taken apart by bands, or among lines; the twin of `engine/formula/operations/shares.py`.
import type { Decimal } from "decimal.js";
import type { Facts } from "./read.ts";
import { strict, type Named } from "./strict.ts";
import { exact, FormulaFailed, plain, same } from "./values.ts";

/** As `LIMIT` counts units: more digits than a number has. */
const LIMIT = 10n ** 34n;

type Round = (number: Decimal, places: Decimal) => Decimal;
type Numbers = readonly (Decimal | null)[];

/** What lies above each bound and not above the next one, at its rate. */
function tier(bounds: Numbers, rates: Numbers, number: Decimal): Decimal | null {
  if (bounds.length !== rates.length) throw new FormulaFailed("formula.other_lines");
  const bands = bounds.flatMap((bound, place) => (bound ? [{ bound, rate: rates[place] ?? null }] : []));
  bands.sort((left, right) => left.bound.cmp(right.bound));
  const twin = bands.find(({ bound }, place) => bands[place + 1]?.bound.eq(bound));
  if (twin) throw new FormulaFailed("formula.same_bound", { given: plain(twin.bound) });
  if (bands.length === 0) return null;
  let total = exact(0);
  for (const [place, { bound, rate }] of bands.entries()) {
    if (number.lte(bound)) break;
    if (!rate) return null;
    const next = bands[place + 1]?.bound;
    const upper = next?.lt(number) ? next : number;
    total = exact(total.plus(exact(exact(upper.minus(bound)).times(rate))));
  }
  return total;
}

/** The share of the line under evaluation, by largest remainder; of equal remainders the first line's. */
function allocate(round: Round, facts: Facts, total: Decimal, weights: Numbers, places = exact(2)): Decimal | null {
  const own = facts.place ?? weights.length;
  if (own >= weights.length) throw new FormulaFailed("formula.other_lines");
  if (!weights[own]) return null;
  const units = counted(round(total, places), places.toNumber());
  const shares = sharesOf(units < 0n ? -units : units, weights);
  if (!shares && units !== 0n) throw new FormulaFailed("formula.no_weights");
  if (!shares) return exact(0);
  const share = shares[own] ?? 0n;
  if (share >= LIMIT || share <= -LIMIT) throw new FormulaFailed("formula.overflow");
  return exact(`${units < 0n ? -share : share}e${-places.toNumber()}`);
}

/** What was reckoned last: every line asks for the same. */
let last: { units: bigint; weights: Numbers; shares: readonly bigint[] | null } | null = null;

function sharesOf(units: bigint, weights: Numbers): readonly bigint[] | null {
  const isKnown = last?.units === units && last.weights.length === weights.length;
  if (!last || !isKnown || !weights.every((weight, place) => same(weight, last?.weights[place] ?? null))) {
    last = { units, weights, shares: divided(units, whole(weights)) };
  }
  return last.shares;
}

/** How many of the units fall to each; null when the weights come to zero. */
function divided(units: bigint, weights: readonly bigint[]): readonly bigint[] | null {
  const sum = weights.reduce((sum, weight) => sum + weight, 0n);
  if (sum === 0n) return null;
  const divisor = sum < 0n ? -sum : sum;
  const parts = weights.map((weight) => floored(sum < 0n ? -units * weight : units * weight, divisor));
  const left = Number(units - parts.reduce((sum, [part]) => sum + part, 0n));
  const byLoss = parts.map(([, rest], place) => ({ rest, place }));
  byLoss.sort((one, other) => (one.rest === other.rest ? one.place - other.place : one.rest > other.rest ? -1 : 1));
  const winners = new Set(byLoss.slice(0, left).map(({ place }) => place));
  return parts.map(([part], place) => part + (winners.has(place) ? 1n : 0n));
}

/** Quotient and rest, which is never negative. */
function floored(number: bigint, divisor: bigint): [bigint, bigint] {
  const rest = ((number % divisor) + divisor) % divisor;
  return [(number - rest) / divisor, rest];
}

/** The numbers as counts of one unit that is small enough for all. */
function whole(numbers: Numbers): bigint[] {
  const places = Math.max(0, ...numbers.map((number) => number?.decimalPlaces() ?? 0));
  return numbers.map((number) => (number ? counted(number, places) : 0n));
}

/** How often ten to the power of -`places` goes into a number that is a multiple of it. */
function counted(number: Decimal, places: number): bigint {
  const [digits = "", decimals = ""] = number.toFixed().split(".");
  const count = BigInt(digits + decimals.padEnd(places, "0"));
  return places < 0 ? count / 10n ** BigInt(-places) : count;
}

export const sharing = (round: Round): readonly Named[] => [
  ["tier", strict(tier)],
  ["allocate", (operands, facts) => strict(allocate.bind(null, round, facts))(operands, facts)],
];
