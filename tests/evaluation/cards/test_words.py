"""The opening sentences: true to the record, fair to the baselines, plain about gates."""

from __future__ import annotations

import re
from typing import Any

import pytest

from casekin.evaluation.cards.words import explain_measure, headline, labels_words, standing, verdicts


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: score for name, score in record["measures"].items() if name not in names}


def tones(record: dict[str, Any]) -> dict[str, str]:
    return {verdict.text: verdict.tone for verdict in verdicts(record)}


def test_the_headline_counts_relevant_cases_among_the_first_and_by_chance(made_record: Any) -> None:
    told = headline(made_record())
    assert told.startswith("Of the first ten cases, 4.2 show the same or a related finding at the place asked for.")
    assert told.endswith("Chance would give 1.0.")
    assert "4.2 are relevant." in headline(made_record(protocol="trec"))


@pytest.mark.parametrize(
    ("source", "told"), [("truth", "what its picture shows"), ("readers", "readers judged"), ("qrels", "of the labels")]
)
def test_labels_that_were_not_mined_are_not_called_so(source: str, told: str, made_record: Any) -> None:
    words = labels_words(made_record(labels={"source": source}))
    assert told in words["gallery"]
    assert not any("mined" in text or "report" in text for text in words.values())
    assert labels_words(made_record(labels={"source": source}, protocol="trec")) == {}
    assert labels_words(made_record()) == {}


def test_without_a_precision_at_ten_the_curve_is_read_and_then_the_lead_measure(made_record: Any) -> None:
    record = made_record()
    at_ten = record["curves"]["P"]["run"]["mean"][3]
    assert f"Of the first ten cases, {10 * at_ten:.1f} " in headline(record | {"measures": without(record, "P@10")})
    bare = record | {"measures": without(record, "P@10"), "curves": {}}
    assert headline(bare) == "nDCG@10 is 0.520. Chance would give 0.100."


def test_the_standing_names_the_best_baseline_and_what_could_have_been_seen(made_record: Any) -> None:
    told = standing(made_record()).replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith(
        "nDCG@10 is 0.520 (0.490 to 0.550), +0.052 (0.032 to 0.072) against the best baseline, global vector (p 0.20)."
    )
    assert "a true difference of 0.028 would be found in 8 of 10" in told
    assert "no baseline is known" in standing(made_record(baselines=()))


def test_a_run_is_better_only_where_every_difference_is_sure_and_points_the_right_way(made_record: Any) -> None:
    record = made_record()
    assert tones(record)["Not shown to be better than global vector."] == "caution"
    gap = record["baselines"]["global vector"]["difference"]["nDCG@10"]
    gap["p_holm"] = 0.01
    assert tones(record)["Better than each of 4 baselines; 1 more couldn’t be had."] == "good"
    gap["mean"] = -0.05
    assert tones(record)["Not shown to be better than global vector."] == "caution"
    assert "No baseline was measured" in " ".join(tones(made_record(baselines=())))


def test_of_a_rank_lower_is_better(made_record: Any) -> None:
    record = made_record(lead="FirstRank", baselines=("random",))
    gap = record["baselines"]["random"]["difference"]["FirstRank"]
    gap |= {"mean": -3.0, "p_holm": 0.001}
    assert tones(record)["Better than random; 1 more couldn’t be had."] == "good"
    gap["mean"] = 3.0
    assert tones(record)["Not shown to be better than random."] == "caution"


@pytest.mark.parametrize(
    ("mean", "p", "text", "tone"),
    [
        (0.03, 0.01, "Better than older.", "good"),
        (-0.03, 0.01, "Worse than older.", "bad"),
        (0.03, 0.05, "No sure difference from older.", "caution"),
        (0.03, None, "No sure difference from older.", "caution"),
    ],
)
def test_the_other_run_is_told_apart_only_when_the_difference_is_sure(
    made_record: Any, mean: float, p: float | None, text: str, tone: str
) -> None:
    record = made_record()
    record["comparison"]["measures"]["nDCG@10"] |= {"mean": mean, "p_holm": p}
    assert tones(record)[text] == tone


@pytest.mark.parametrize(
    ("met", "text", "tone"),
    [
        ([], None, None),
        ([True], "The gate is met.", "good"),
        ([True, True], "All 2 gates are met.", "good"),
        ([True, False, False], "2 of 3 gates missed.", "bad"),
    ],
)
def test_gates_are_told_as_one(made_record: Any, met: list[bool], text: str | None, tone: str | None) -> None:
    told = tones(made_record(gates=[{"met": one} for one in met]))
    assert told.get(text or "") == tone
    assert text is not None or not re.search("gate", " ".join(told))


def test_leaks_and_unanswered_queries_are_said_at_the_top(made_record: Any) -> None:
    told = tones(made_record(leaks={"found": True}, missing_queries=1200, n_queries=3000))
    assert told["Leaks were found: these figures may be too good."] == "bad"
    assert told["1,200 of 3,000 queries have no list and count 0."] == "caution"
    clean = tones(made_record(leaks={"found": False}, missing_queries=0))
    assert not re.search("eaks|no list", " ".join(clean))


def test_a_measure_is_explained_with_its_own_rank_grade_and_direction() -> None:
    assert explain_measure("P@5") == "Share of the first 5 hits that are relevant."
    assert explain_measure("P(rel=2)@5").endswith("relevant. Relevant is what has grade 2 or more.")
    assert explain_measure("FirstRank").endswith("Lower is better.")


def test_a_measure_of_another_version_has_no_words() -> None:
    assert explain_measure("Unheard@5") == explain_measure("<script>") == ""
