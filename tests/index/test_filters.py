"""The `--where` language: printing inverts parsing, columns select what plain Python does, hostile text is refused."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.anatomy import ANATOMIES, overlaps
from casekin.errors import FilterError
from casekin.findings import finding_names, is_a
from casekin.index import CaseIndex, IndexedCase
from casekin.index.search.filters import FIELDS, Combined, Expression, FieldIs, FindingIs, parse_where
from casekin.types import Polarity
from made_cases import made_case, made_fact, place

FINDINGS = ("nodule", "mass", "lung_opacity", "consolidation", "pleural_effusion", "pneumothorax", "device")
PLACES = (
    place("lung", "left"), place("lung", "right"), place("lung"), place("lower_lobe", "left"), place("pleural_space"),
    place("lower_lung_zone", "right"), place("pleural_space", "right"), place("mediastinum"),
    place("lung", "bilateral"),
)  # fmt: skip
POLARITIES: tuple[Polarity, ...] = ("present", "absent", "uncertain")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def conditions() -> st.SearchStrategy[Expression]:
    findings = st.builds(
        FindingIs,
        finding=st.sampled_from(FINDINGS),
        place=st.none() | st.sampled_from(PLACES),
        polarity=st.sampled_from(POLARITIES),
    )
    words = st.builds(
        FieldIs,
        field=st.sampled_from([name for name in FIELDS if name not in ("age", "day_offset")]),
        operator=st.sampled_from(list(COMPARE)),
        value=st.sampled_from(["F", "m", "PA", "CHEST", "and", "or", "site one", "(", "x; DROP TABLE cases --", "Ä"]),
    )
    numbers = st.builds(
        FieldIs,
        field=st.sampled_from(["age", "day_offset"]),
        operator=st.sampled_from(list(COMPARE)),
        value=st.sampled_from([0.0, 40.0, 40.5, -7.0, 90.0]),
    )
    return findings | words | numbers


def combine(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(Combined, operator=st.sampled_from(["and", "or"]), parts=several) | st.builds(
        Combined, operator=st.just("not"), parts=st.tuples(parts)
    )


EXPRESSIONS = st.recursive(conditions(), combine, max_leaves=6)


def printed(expression: Expression) -> str:
    """The expression in the language, every part in brackets."""
    if isinstance(expression, Combined) and expression.operator == "not":
        return f"not ({printed(expression.parts[0])})"
    if isinstance(expression, Combined):
        return f" {expression.operator} ".join(f"({printed(part)})" for part in expression.parts)
    if isinstance(expression, FieldIs):
        value = f"'{expression.value}'" if isinstance(expression.value, str) else f"{expression.value:g}"
        return f"{expression.field} {expression.operator} {value}"
    where = "" if expression.place is None else f" at {expression.place}"
    return f"{expression.finding}{where} {expression.polarity}"


def holds(expression: Expression, case: IndexedCase) -> bool:
    """Whether a case matches, by the words of the contract."""
    if isinstance(expression, Combined):
        parts = [holds(part, case) for part in expression.parts]
        return {"and": all(parts), "or": any(parts), "not": not parts[0]}[expression.operator]
    if isinstance(expression, FieldIs):
        value = getattr(case, expression.field)
        if value is None:
            return False
        # Case doesn't matter for the letters A to Z.
        fold: Callable[[Any], Any] = lambda x: x.encode().lower() if isinstance(x, str) else x  # noqa: E731
        return COMPARE[expression.operator](fold(value), fold(expression.value))
    return any(
        is_a(fact.finding, expression.finding)
        and fact.polarity == expression.polarity
        and (expression.place is None or overlaps(fact.place, expression.place))
        for fact in case.facts
    )


def random_cases(count: int) -> list[IndexedCase]:
    rng = np.random.default_rng(17)
    cases = []
    for number in range(count):
        facts = tuple(
            made_fact(FINDINGS[rng.integers(6)], spot.anatomy, spot.side, POLARITIES[rng.integers(3)])
            for spot in (PLACES[rng.integers(len(PLACES))] for _ in range(rng.integers(0, 4)))
        )
        maybe = {
            "sex": ("F", "M", "f")[rng.integers(3)],
            "age": (0.0, 40.0, 40.5, 89.9)[rng.integers(4)],
            "view": "PA",
            "day_offset": int(rng.integers(-8, 3)),
            "source": ("site one", "and", "(", "Ä", "ä")[rng.integers(5)],
        }
        values: dict[str, Any] = {name: value for name, value in maybe.items() if rng.random() < 0.7}
        cases.append(made_case(f"case-{number:03d}", facts=facts, **values))
    return cases


@pytest.fixture(scope="module")
def cases() -> list[IndexedCase]:
    return random_cases(120)


@pytest.fixture(scope="module")
def index(cases: list[IndexedCase], tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with CaseIndex(tmp_path_factory.mktemp("index"), create=True) as handle:
        handle.put(cases)
        yield handle


def selected(index: CaseIndex, expression: Expression) -> set[str]:
    mask = index.select(expression)
    assert mask is not None
    return {str(index.catalog().case_id_of_case[number]) for number in np.flatnonzero(mask)}


@given(expression=EXPRESSIONS)
def test_a_printed_expression_parses_back_to_itself(expression: Expression) -> None:
    assert parse_where(printed(expression)) == expression


@given(expression=EXPRESSIONS)
def test_columns_select_what_plain_python_selects(
    index: CaseIndex, cases: list[IndexedCase], expression: Expression
) -> None:
    assert selected(index, expression) == {case.case_id for case in cases if holds(expression, case)}


A, B, C = (FindingIs(finding=name, place=None, polarity="present") for name in ("nodule", "mass", "pneumothorax"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nodule or mass and ptx", Combined(operator="or", parts=(A, Combined(operator="and", parts=(B, C))))),
        ("(nodule or mass) and ptx", Combined(operator="and", parts=(Combined(operator="or", parts=(A, B)), C))),
        ("not nodule and mass", Combined(operator="and", parts=(Combined(operator="not", parts=(A,)), B))),
        ("NOT Nodule OR mass", Combined(operator="or", parts=(Combined(operator="not", parts=(A,)), B))),
        ("((nodule))", A),
        ("nodule at Left-Lower_Lobe ABSENT", FindingIs(finding="nodule", place=PLACES[3], polarity="absent")),
        (
            "'pleural effusion' at 'left lung'",
            FindingIs(finding="pleural_effusion", place=PLACES[0], polarity="present"),
        ),
        ("pleural effusion at left lung", FindingIs(finding="pleural_effusion", place=PLACES[0], polarity="present")),
        ("age>=60", FieldIs(field="age", operator=">=", value=60.0)),
        ("AGE < 60.5", FieldIs(field="age", operator="<", value=60.5)),
        ('source = "o\'hara"', FieldIs(field="source", operator="=", value="o'hara")),
        ("sex != ''", FieldIs(field="sex", operator="!=", value="")),
    ],
)
def test_and_binds_tighter_than_or_and_words_may_be_quoted(text: str, expected: Expression) -> None:
    assert parse_where(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "complete"),
        ("nodule and", "complete"),
        ("(nodule", "complete"),
        ("nodule)", "brackets"),
        ("nodule mass", "nearest"),
        ("nodle", "nodule"),
        ("nodule at left brian", "nearest"),
        ("weight > 3", "modality"),
        ("age > old", "number"),
        ("age = nan", "number"),
        ("age < inf", "number"),
        ("sex = <", "value"),
        ("sex = )", "value"),
        ("sex = 'f", "position"),
        ("nodule present absent", "absent"),
        ("nodule; drop table cases", "nearest"),
        ("nodule' OR '1'='1", "position|nearest|brackets"),
        ("x" * 3000, "shorten"),
    ],
)
def test_a_text_that_is_no_filter_is_refused_with_what_was_expected(text: str, says: str) -> None:
    with pytest.raises(FilterError, match=says):
        parse_where(text)


@pytest.mark.parametrize("text", ["(" * 10_000, "(" * 900 + "nodule" + ")" * 900, "not " * 400 + "nodule"])
def test_deep_nesting_is_refused_and_not_run_into(text: str) -> None:
    with pytest.raises(FilterError):
        parse_where(text)


@given(text=st.text(alphabet="nodule mas()'\"=<>!;-\\%_\x00é1 andortNOT", max_size=60))
def test_any_text_is_parsed_or_refused_with_one_error_class(text: str) -> None:
    try:
        parse_where(text)
    except FilterError as error:
        assert str(error).startswith("where: ")


def test_no_word_of_a_filter_becomes_sql(index: CaseIndex) -> None:
    hostile = "x' OR 1=1; DROP TABLE cases; --"
    before = index.info()
    assert selected(index, parse_where(f'source = "{hostile}"')) == set()
    assert index.info() == before


def test_the_longest_filter_over_every_place_is_answered(index: CaseIndex) -> None:
    term = "mass at chest or "
    with_all_places = made_case(
        "everywhere", facts=tuple(made_fact("mass", name, side) for name in ANATOMIES for side in (None, "left"))
    )
    index.put([with_all_places])
    try:
        found = selected(index, parse_where((term * (2000 // len(term))).removesuffix(" or ")))
    finally:
        index.put([], remove=["everywhere"])
    assert "everywhere" in found


def test_a_finding_includes_its_kinds_and_nothing_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    with CaseIndex(tmp_path_factory.mktemp("kinds"), create=True) as handle:
        handle.put([made_case(name, facts=(made_fact(name, "lung"),)) for name in finding_names()])
        found = selected(handle, parse_where("lung opacity"))
    assert found == {name for name in finding_names() if is_a(name, "lung_opacity")}
    assert {"consolidation", "lung_opacity"} <= found
    assert "pneumothorax" not in found
