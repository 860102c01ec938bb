// An amount taken apart by bands; the twin of `engine/formula/operations/shares.py`.
import type { Decimal } from "decimal.js";
import { strict, type Named } from "./strict.ts";
import { exact, FormulaFailed, plain } from "./values.ts";

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

export const SHARES: readonly Named[] = [["tier", strict(tier)]];
