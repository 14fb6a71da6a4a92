"""Gates say what they were written to say, look at the figure they name, and are never met by what isn't known."""

from __future__ import annotations

from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation.gates import GateResult, check_gates, parse_gate


def figure(mean: float | None, lo: float | None = None, hi: float | None = None) -> dict[str, Any]:
    return {"mean": mean, "lo": lo, "hi": hi}


RECORD: dict[str, Any] = {
    "measures": {"nDCG@10": figure(0.6, 0.5, 0.7), "SideError@5": figure(0.05, 0.02, 0.09), "AP": figure(0.3)},
    "baselines": {
        "random": {"difference": {"nDCG@10": figure(0.4, 0.3, 0.5)}},
        "global vector": {"difference": {"nDCG@10": figure(0.02, -0.01, 0.05)}},
    },
    "baselines_missing": {"crop and embed": "the index has no pixels"},
    "leaks": {"count": 2},
    "comparison": {"other": "last-week", "measures": {"nDCG@10": figure(0.01, -0.02, 0.04)}},
}


def found(text: str) -> GateResult:
    (result,) = check_gates(RECORD, [parse_gate(text)])
    return result


@pytest.mark.parametrize(
    ("text", "value", "met"),
    [
        ("nDCG@10>=0.6", 0.6, True),
        ("nDCG@10 > 0.6", 0.6, False),
        (" nDCG@10<=0.6 ", 0.6, True),
        ("nDCG@10<6e-1", 0.6, False),
        ("lo(nDCG@10)>=0.5", 0.5, True),
        ("lo( nDCG@10 ) >= 0.51", 0.5, False),
        ("hi(SideError@5)<0.1", 0.09, True),
        ("nDCG@10-random>=0.1", 0.4, True),
        ("nDCG@10 - global vector >= 0.03", 0.02, False),
        ("lo(nDCG@10-global vector)>0", -0.01, False),
        ("lo(nDCG@10-last-week)>-0.05", -0.02, True),
        ("leaks<=0", 2, False),
        ("leaks < 3", 2, True),
    ],
)
def test_a_gate_compares_the_figure_it_names(text: str, value: float, met: bool) -> None:
    result = found(text)
    assert (result.value, result.met, result.require) == (value, met, text.strip())


def test_the_parts_of_a_gate_are_told_apart() -> None:
    gate = parse_gate("hi(P(rel=2)@5-report BM25)<=-0.25")
    assert (gate.measure, gate.baseline, gate.bound, gate.sign) == ("P(rel=2)@5", "report BM25", "hi", "<=")
    assert gate.threshold == -0.25
    quoted = parse_gate("nDCG(dcg='exp-log2')@10>0")
    assert (quoted.measure, quoted.baseline, quoted.bound) == ("nDCG(dcg='exp-log2')@10", None, "mean")


def test_a_figure_that_is_not_known_meets_no_gate() -> None:
    for text in ("lo(AP)>=0", "lo(AP)<=1", "lo(AP)>-1"):
        result = found(text)
        assert result.value is None
        assert not result.met


@pytest.mark.parametrize(
    "text",
    [
        "", "nDCG@10", "nDCG@10=0.5", "nDCG@10==0.5", "nDCG@10=>0.5", ">=0.5", "nDCG@10>=", "nDCG@10>=high",
        "0.5<=nDCG@10", "nDCG@10>=nan", "nDCG@10>=inf", "lo nDCG@10>=0.5", "lo(nDCG@10>=0.5", "mid(nDCG@10)>=0.5",
        "nDCG@10>=0.5 AP>=0.1", "nDCG@10->=0.1", "nDCG@10>=0.5" + "0" * 300, "lo(leaks)<=0",
        "leaks-random<=0",
    ],
)  # fmt: skip
def test_anything_else_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_gate(text)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_a_malformed_gate_is_answered_with_examples() -> None:
    with pytest.raises(InputError, match=r"nDCG@10>=0\.5.*got 'nDCG=7'"):
        parse_gate("nDCG=7")


def test_a_measure_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nDCG"):
        parse_gate("nDGC@10>=0.5")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RR>=0.5", "nDCG@10, SideError@5, AP"),
        ("AP-random>=0.1", "nDCG@10"),
        ("nDCG@10-nobody>=0.1", "random, global vector, last-week"),
        ("nDCG@10-crop and embed>=0", "the index has no pixels"),
    ],
)
def test_a_figure_that_the_record_lacks_is_an_error_not_a_miss(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        found(text)


def test_leaks_that_nobody_looked_for_meet_no_gate() -> None:
    (result,) = check_gates({**RECORD, "leaks": None}, [parse_gate("leaks<=0")])
    assert (result.value, result.met) == (None, False)
