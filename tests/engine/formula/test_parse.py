from pathlib import Path

import pytest

from engine.formula.errors import FormulaProblem, FormulaProblems
from engine.formula.formula import compile_formula
from engine.formula.parse import CHARACTERS_KEPT, MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, parse
from engine.formula.tree import Binary, Call, Literal, Node, Unary
from engine.formula.tree import Path as Name
from tests.formula_scope import TableScope

SCOPE = TableScope(
    {
        "amount": "decimal",
        "name": "text",
        "account": "reference",
        "account.name": "text",
        "items": "record[]",
        "items.amount": "decimal[]",
    }
)


def escapes() -> list[str]:
    lines = (Path(__file__).parent / "escapes.txt").read_text("utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("# ")]


def unfolded(line: str) -> str:
    if line.startswith("*") and line[1:2].isdigit():
        times, piece = line[1:].split(" ", 1)
        return piece * int(times)
    return line


def written(node: Node) -> str:
    """The tree with a bracket around every operation."""
    match node:
        case Literal(value=value):
            return repr(value) if isinstance(value, str) else str(value)
        case Name(parts=parts):
            return ".".join(parts)
        case Unary(operator=operator, operand=operand):
            return f"({operator}{written(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({written(left)}{operator}{written(right)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({','.join(map(written, arguments))})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1+2*3", "(1+(2*3))"),
        ("1-2-3", "((1-2)-3)"),
        ("8/4*2", "((8/4)*2)"),
        ("-2%", "(-(%2))"),
        ("--a", "(-(-a))"),
        ("2--a", "(2-(-a))"),
        ("+a", "a"),
        ("a&b=c", "((a&b)=c)"),
        ("1+2&3", "((1+2)&3)"),
        ("a<>b", "(a<>b)"),
        ("a>=b+1", "(a>=(b+1))"),
        ("a<b=TRUE", "((a<b)=True)"),
        ("(1+2)*3", "((1+2)*3)"),
        (" =\tif ( a , 1 ,\n2 )", "IF(a,1,2)"),
        ("Sum(items.amount,1)", "SUM(items.amount,1)"),
        ("NOW()", "NOW()"),
        ("项目.预算 - 已用", "(项目.预算-已用)"),
        ("camelCase_2", "camelCase_2"),
        ("sum", "sum"),
        ("trueish", "trueish"),
        ("account.true", "account.true"),
        ("false", "False"),
        ('"a""b"', "'a\"b'"),
        ("007.50", "7.50"),
        ("0." + "3" * 34, "0." + "3" * 34),
        ("𠀀", "𠀀"),
        ("金额　+\u00a01", "(金额+1)"),
    ],
)
def test_a_formula_is_read_with_the_precedence_of_excel(text: str, tree: str) -> None:
    assert written(parse(text)) == tree


def test_a_node_knows_where_it_stands_with_its_brackets() -> None:
    node = parse("=10 + (a * -bc)")
    assert isinstance(node, Binary)
    product = node.right
    assert isinstance(product, Binary)
    places = [(each.start, each.end) for each in (node, node.left, product, product.left, product.right)]
    assert places == [(1, 15), (1, 3), (6, 15), (7, 8), (11, 14)]


@pytest.mark.parametrize(
    ("text", "code", "start", "end", "params"),
    [
        ("", "formula.empty", 0, 0, {}),
        (" = ", "formula.empty", 0, 3, {}),
        ("1 +", "formula.unfinished", 3, 3, {"expected": "a value"}),
        ("SUM(", "formula.unfinished", 4, 4, {"expected": "a value or “)”"}),
        ("SUM(a", "formula.unclosed", 0, 4, {"given": "SUM("}),
        ("(a", "formula.unclosed", 0, 1, {"given": "("}),
        ("a bc", "formula.between", 2, 4, {"before": "a", "given": "bc"}),
        ("a == b", "formula.meant", 2, 4, {"given": "==", "meant": "="}),
        ("a * / b", "formula.syntax", 4, 5, {"given": "/", "expected": "a value"}),
        ("IF(a, *)", "formula.syntax", 6, 7, {"given": "*", "expected": "a value"}),
        ("a)", "formula.unopened", 1, 2, {}),
        ("IF(a 1)", "formula.between", 5, 6, {"before": "a", "given": "1"}),
        ("a + 'x'", "formula.quotes", 4, 7, {"meant": '"x"'}),
        ("a，b", "formula.comma", 1, 2, {}),
        ("a # b", "formula.character", 2, 3, {"given": "#"}),
        ('a & "x', "formula.text", 4, 6, {}),
        ('"a\x00b"', "formula.text", 0, 5, {}),
        ('"\ud800"', "formula.text", 0, 3, {}),
        ("1 + " + "9" * 35, "formula.long_number", 4, 39, {"limit": "34"}),
    ],
)
def test_a_mistake_is_pointed_at(text: str, code: str, start: int, end: int, params: dict[str, str]) -> None:
    with pytest.raises(FormulaProblem) as caught:
        parse(text)
    problem = caught.value
    assert (problem.code, problem.start, problem.end, problem.params) == (code, start, end, params)


def test_a_formula_has_a_longest_length() -> None:
    longest = "a" * MAX_CHARACTERS
    assert isinstance(parse(longest), Name)
    with pytest.raises(FormulaProblem, match=r"formula\.too_long"):
        parse(longest + "a")


def test_a_formula_has_a_greatest_depth() -> None:
    assert parse("-" * (MAX_DEPTH - 1) + "1")
    with pytest.raises(FormulaProblem, match=r"formula\.too_deep"):
        parse("-" * MAX_DEPTH + "1")


def test_brackets_around_a_value_cost_no_depth() -> None:
    assert written(parse("(" * 1900 + "a" + ")" * 1900)) == "a"


def test_a_formula_has_a_greatest_size() -> None:
    assert parse(f"SUM({','.join(['1'] * (MAX_NODES - 1))})")
    with pytest.raises(FormulaProblem, match=r"formula\.too_large"):
        parse(f"SUM({','.join(['1'] * MAX_NODES)})")


@pytest.mark.parametrize("attempt", escapes())
def test_an_attempt_to_escape_is_refused(attempt: str) -> None:
    with pytest.raises(FormulaProblems):
        compile_formula(unfolded(attempt), SCOPE)


@pytest.mark.parametrize(
    "attempt", ["\x00", "amount\x00", "\ud800", "\U0010ffff", "\x1b[31m", "\ufeffamount", "\u2028"]
)
def test_invisible_characters_are_refused(attempt: str) -> None:
    with pytest.raises(FormulaProblems):
        compile_formula(attempt, SCOPE)


def test_trees_of_short_formulas_are_kept_and_those_of_long_ones_do_not_fill_the_memory() -> None:
    short = "1" + " " * (CHARACTERS_KEPT - 1)
    assert parse(short) is parse(short)
    assert parse(f"{short} ") is not parse(f"{short} ")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a > 1 AND b", "AND(a > 1, b)"),
        ("a and b AND c", "AND(a, b, c)"),
        ("a OR b AND c = 1", "OR(a, AND(b, c = 1))"),
        ("(a OR b) AND AND(c, d)", "AND(OR(a, b), AND(c, d))"),
        ("a AND (b)", "AND(a, b)"),
        ("a 且 b 或者 c", "OR(AND(a, b), c)"),
        ("NOT(a) OR 5% = b", "OR(NOT(a), 5% = b)"),
    ],
)
def test_and_and_or_may_stand_between_conditions(text: str, same: str) -> None:
    assert shape(parse(text)) == shape(parse(same))


@pytest.mark.parametrize("text", ["a AND", "AND a", "a AND AND b", "a OR", "(AND) AND"])
def test_and_needs_a_condition_on_both_sides(text: str) -> None:
    with pytest.raises(FormulaProblem):
        parse(text)


def shape(node: Node) -> object:
    """The tree without its places."""
    own = [getattr(node, name) for name in ("function", "operator", "parts", "value") if hasattr(node, name)]
    return (*own, *map(shape, node.children))
