"""Text → tree. Never evaluates, never recurses, and takes time linear in the text, whatever the text is."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from engine.formula.errors import FormulaProblem
from engine.formula.mistakes.full_width import half_width
from engine.formula.mistakes.syntax import meaningless, unexpected, unfinished
from engine.formula.numbers import DIGITS
from engine.formula.tree import Binary, Call, Literal, Node, Path, Unary, walk

#: Nobody can read a longer formula, and everything behind the parser is linear in it.
MAX_CHARACTERS: Final = 4000
#: Checking, compiling and evaluating recurse once a level; far from Python's limit even below a deep call stack.
MAX_DEPTH: Final = 64
#: With the step budget of evaluation this bounds the work of one evaluation.
MAX_NODES: Final = 1000
#: Trees kept: a module is compiled again whenever one it requires is published, and filters are sent again and again.
PARSED_KEPT: Final = 4096
#: Trees of longer texts are not kept: all that are kept take 70 MB at most, however they were written.
CHARACTERS_KEPT: Final = 200


def parse(text: str) -> Node:
    """The tree of a formula such as `ROUND(SUM(items.amount) * 1.06, 2)`; a leading `=` is allowed.

    Full-width punctuation counts as what it stands for.

    Raises `FormulaProblem` for the first place where the text cannot be understood, or when it is too long or too deep.
    """
    return _kept(text) if len(text) <= CHARACTERS_KEPT else _parsed(text)


def _parsed(text: str) -> Node:
    if len(text) > MAX_CHARACTERS:
        raise FormulaProblem("formula.too_long", MAX_CHARACTERS, len(text), limit=str(MAX_CHARACTERS))
    if not text.strip(" \t\r\n\u00a0\u3000="):
        raise FormulaProblem("formula.empty", 0, len(text))
    half = half_width(text)
    try:
        node: Node = _PARSER.parse(half)  # type: ignore[assignment]  # the transformer gives nodes, not lark's trees
    except UnexpectedToken as error:
        raise _unexpected(error, half) from None
    except UnexpectedCharacters as error:
        raise meaningless(half, error.pos_in_stream or 0) from None
    _check_size(node)
    return node


_kept: Final = lru_cache(maxsize=PARSED_KEPT)(_parsed)


def _unexpected(error: UnexpectedToken, text: str) -> FormulaProblem:
    if error.token.type == "$END":
        return unfinished(text, error.accepts)
    return unexpected(text, _start(error.token), str(error.token), error.accepts)


def _check_size(root: Node) -> None:
    for count, (node, depth) in enumerate(walk(root), start=1):
        if depth > MAX_DEPTH:
            raise FormulaProblem("formula.too_deep", node.start, node.end, limit=str(MAX_DEPTH))
        if count > MAX_NODES:
            raise FormulaProblem("formula.too_large", node.start, node.end, limit=str(MAX_NODES))


def _start(token: Token) -> int:
    assert token.start_pos is not None  # lark leaves it out only for tokens that somebody makes by hand
    return token.start_pos


def _end(token: Token) -> int:
    return _start(token) + len(token)


@v_args(inline=True)
class _Tree(Transformer[Token, Node]):
    """Makes a node of each rule of the grammar while it is recognised."""

    def start(self, *children: Token | Node) -> Node:
        return children[-1]  # type: ignore[return-value]  # only the leading "=" is a token

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(operator=str(operator), left=left, right=right, start=left.start, end=right.end)

    def decided(self, left: Node, word: Token, right: Node) -> Node:
        """`a AND b` means `AND(a, b)`, and goes on to mean `AND(a, b, c)`."""
        before = left.arguments if isinstance(left, Call) and left.function == word.type else (left,)
        return Call(function=word.type, arguments=(*before, right), start=left.start, end=right.end)

    def negative(self, sign: Token, operand: Node) -> Node:
        return Unary(operator="-", operand=operand, start=_start(sign), end=operand.end)

    def positive(self, _sign: Token, operand: Node) -> Node:
        return operand

    def percent(self, operand: Node, sign: Token) -> Node:
        return Unary(operator="%", operand=operand, start=operand.start, end=_end(sign))

    def number(self, token: Token) -> Node:
        if len(token.lstrip("0").replace(".", "")) > DIGITS:
            raise FormulaProblem("formula.long_number", _start(token), _end(token), limit=str(DIGITS))
        return Literal(value=Decimal(token), start=_start(token), end=_end(token))

    def text(self, token: Token) -> Node:
        return Literal(value=token[1:-1].replace('""', '"'), start=_start(token), end=_end(token))

    def name(self, token: Token) -> Node:
        start, end = _start(token), _end(token)
        if (constant := token.upper()) in {"TRUE", "FALSE"}:
            return Literal(value=constant == "TRUE", start=start, end=end)
        return Path(parts=tuple(token.split(".")), start=start, end=end)

    def call(self, name: Token, *rest: Token | Node) -> Node:
        arguments = tuple(each for each in rest if isinstance(each, Node))
        *_, close = tokens = [each for each in rest if isinstance(each, Token)]
        member = tuple(close.split(".")[1:]) if len(tokens) > 1 else ()
        return Call(function=name.upper(), arguments=arguments, member=member, start=_start(name), end=_end(close))

    def group(self, opening: Token, inner: Node, close: Token) -> Node:
        """An operation stands where its brackets stand; a name stays in its place, because its parts are pointed at."""
        if isinstance(inner, Unary | Binary):
            return msgspec.structs.replace(inner, start=_start(opening), end=_end(close))
        return inner


class _Words:
    """Tells AND between two values from the function of that name, which stands where a value begins."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens, those names made operators that stand behind a value."""
        is_behind = False
        for token in stream:
            operator = _OPERATORS.get(token.upper()) if is_behind and token.type == "NAME" else None
            yield Token.new_borrow_pos(operator, token, token) if operator else token
            is_behind = not operator and token.type in _ENDS


#: Words between two conditions → the function that is meant.
_OPERATORS: Final = {"AND": "AND", "且": "AND", "并且": "AND", "OR": "OR", "或": "OR", "或者": "OR"}
#: Tokens that a value may end with.
_ENDS: Final = frozenset({"NUMBER", "TEXT", "NAME", "CLOSE", "MEMBER", "PERCENT"})
_PARSER: Final = Lark.open(
    "grammar.lark", rel_to=__file__, parser="lalr", lexer="basic", transformer=_Tree(), postlex=_Words()
)
