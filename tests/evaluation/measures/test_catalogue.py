"""Measures are found by name; what is no name of one is an error that helps."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation.measures import DEFAULT_MEASURES, MEASURES, parse_measure, parse_measures
from made_runs import laws


@pytest.mark.parametrize("name", [*DEFAULT_MEASURES, "P(rel=2)@5", "R(rel=0.9)@3", "RegionAgreement(p=0.8)"])
def test_a_name_is_read_and_printed_the_same(name: str) -> None:
    assert parse_measure(name).name == name
    assert parse_measure(parse_measure(f" {name} ").name) == parse_measure(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ndgc@10", "nearest: nDCG"),
        ("recall@10", "is none; nearest:"),
        ("nDCG@0", "expected a rank of 1 or more"),
        ("P", "expected P@k"),
        ("Rprec@5", "expected Rprec without a rank"),
        ("P(rel=0)@5", "expected a least grade above 0"),
        ("P(rel='x')@5", "expected a least grade above 0"),
        ("P(level=2)@5", "expected the parameters rel, dcg or p"),
        ("P(rel=two)@5", "expected parameter=value"),
        ("P(dcg='log2')@5", "P takes no such parameter"),
        ("nDCG(dcg='ln')@5", "expected nDCG with dcg='log2' or 'exp-log2'"),
        ("nDCG(rel=2)@5", "and no rel"),
        ("P(rel=[1])@5", "expected the parameters"),
        ("", "expected a name such as"),
        ("P@5@6", "expected a name such as"),
        ("__import__('os')", "is none"),
    ],
)
def test_what_is_no_measure_is_one_clear_error(name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_measure(name)
    assert message in str(caught.value)


@laws
@given(st.text(max_size=30))
def test_any_text_is_a_measure_or_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert parse_measure(text).name


def test_a_measure_named_twice_is_taken_once_in_order() -> None:
    assert [measure.name for measure in parse_measures(["P@5", "AP", "P(rel=1)@5"])] == ["P@5", "AP"]


@pytest.mark.parametrize("kind", MEASURES.values(), ids=MEASURES)
def test_every_measure_states_formula_chance_source_and_plain_words(kind: type) -> None:
    assert kind.__doc__
    assert "chance" in kind.__doc__.lower()
    assert "Source:" in kind.__doc__
    assert kind.plain.endswith(".")  # type: ignore[attr-defined]
    assert kind.better in ("higher", "lower", "neither")  # type: ignore[attr-defined]
