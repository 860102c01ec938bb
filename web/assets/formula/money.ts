// Amounts as accountants write them; the twin of `engine/formula/operations/money.py`.
import { Decimal } from "decimal.js";
import { exact, FormulaFailed } from "./values.ts";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
/** Of every four digits; what stands before 亿 may itself have 万. */
const GROUPS = ["", "万", "亿", "万"];
/** Past 9,999 万亿 there is no agreed way to write an amount. */
const LIMIT = 10n ** 18n;

/** Capital numerals, with 零 before 角 when the 元 digit is 0. */
export function upper(amount: Decimal): string {
  const rounded = amount.abs().toDecimalPlaces(2).times(100);
  if (rounded.gte(String(LIMIT))) throw new FormulaFailed("formula.overflow");
  const cents = BigInt(rounded.toFixed());
  const [whole_, rest] = [cents / 100n, Number(cents % 100n)];
  const [jiao, fen] = [Math.floor(rest / 10), rest % 10];
  let text = whole_ > 0n || rest === 0 ? `${whole(whole_)}元` : "";
  if (text && rest && (!jiao || whole_ % 10n === 0n)) text += "零";
  text += (jiao ? `${DIGITS[jiao]}角` : "") + (fen ? `${DIGITS[fen]}分` : "");
  return (cents > 0n && amount.isNegative() ? "负" : "") + text + (rest ? "" : "整");
}

function whole(number: bigint): string {
  if (number === 0n) return "零";
  let text = "";
  let isGap = false;
  for (const place of [3, 2, 1, 0]) {
    const part = Number((number / 10n ** BigInt(4 * place)) % 10_000n);
    if (part) text += (text && (isGap || part < 1000) ? "零" : "") + group(part) + GROUPS[place];
    else if (text && place === 2) text += GROUPS[place];
    isGap = text !== "" && !part;
  }
  return text;
}

function group(number: number): string {
  let text = "";
  let isGap = false;
  for (const place of [3, 2, 1, 0]) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit) text += (isGap && text ? "零" : "") + DIGITS[digit] + PLACES[place];
    isGap = !digit;
  }
  return text;
}

type Round = (number: Decimal, places: Decimal) => Decimal;
type Divide = (number: Decimal, divisor: Decimal) => Decimal;

/** The price without its tax, and the tax: what is left, so that both always add up to the price. */
export function taxes(divide: Divide, round: Round) {
  const net = (gross: Decimal, rate: Decimal, places = exact(2)): Decimal =>
    round(exact(divide(gross, exact(rate.plus(1)))), places);
  const tax = (gross: Decimal, rate: Decimal, places = exact(2)): Decimal =>
    round(exact(gross.minus(net(gross, rate, places))), places);
  return { net, tax };
}
