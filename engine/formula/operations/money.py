"""Amounts as accountants write them: tax taken out of a price, and the capital numerals of cheques and receipts."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, PLACES
from engine.formula.operations.arithmetic import divide, rounded
from engine.formula.operations.strict import strict

#: Cents.
_SCALE: Final = Decimal(2)
_ONE: Final = Decimal(1)
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
#: Of every four digits; what stands before 亿 may itself have 万.
_GROUPS: Final = ("", "万", "亿", "万")
#: Past 9 999 万亿 there is no agreed way to write an amount.
_LIMIT: Final = 10**16
#: A group below has no 仟.
_THOUSAND: Final = 1000
#: Place of 亿, which is written after 万 even when its own four digits are zeros.
_YI: Final = 2


def _net(gross: Decimal, rate: Decimal, places: Decimal = _SCALE) -> Decimal:
    return rounded(divide(gross, CONTEXT.add(_ONE, rate)), places, ROUND_HALF_UP)


def _tax(gross: Decimal, rate: Decimal, places: Decimal = _SCALE) -> Decimal:
    """What is left of the gross price, so that both parts always add up to it."""
    return rounded(CONTEXT.subtract(gross, _net(gross, rate, places)), places, ROUND_HALF_UP)


def _upper(amount: Decimal) -> str:
    """After 支付结算办法, annex 1; of the spellings allowed there the one with 零 before 角 when the 元 digit is 0."""
    cents = int(amount.copy_abs().quantize(PLACES[_SCALE], context=CONTEXT).scaleb(2, CONTEXT))
    whole, rest = divmod(cents, 100)
    if whole >= _LIMIT:
        raise Unable("formula.overflow")
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(whole)}元" if whole or not rest else ""
    if text and rest and (not jiao or whole % 10 == 0):
        text += "零"
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    text += f"{_DIGITS[fen]}分" if fen else ""
    sign = "负" if cents and amount.is_signed() else ""
    return sign + text + ("" if rest else "整")


def _whole(number: int) -> str:
    """Groups of four digits; 零 for any zeros between two digits that are not, whatever group they are in."""
    if not number:
        return _DIGITS[0]
    text, is_gap = "", False
    for place in range(3, -1, -1):
        group = number // 10 ** (4 * place) % 10_000
        if group:
            text += _DIGITS[0] if text and (is_gap or group < _THOUSAND) else ""
            text += _group(group) + _GROUPS[place]
        elif text and place == _YI:
            text += _GROUPS[place]
        is_gap = bool(text) and not group
    return text


def _group(number: int) -> str:
    text, is_gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (_DIGITS[0] if is_gap and text else "") + _DIGITS[digit] + _PLACES[place]
        is_gap = not digit
    return text


TAX_NET = strict("tax_net", _net)
TAX_AMOUNT = strict("tax_amount", _tax)
RMB_UPPER = strict("rmb_upper", _upper)
