from __future__ import annotations

import sys
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from casekin.errors import DependencyError, InputError
from casekin.evaluation.drafts import ToldDraft
from casekin.evaluation.drafts.radeval import score_with_radeval
from casekin.evaluation.drafts.wording import diversity, overlap_measures

REPORT = "The lungs are clear. There is no pleural effusion."


def test_repeated_sentences_count_once_among_the_distinct() -> None:
    drafts = [ToldDraft.of_text(str(i), text) for i, text in enumerate(("No effusion.", "No  effusion.", "A mass."))]

    assert diversity(drafts) == {"DistinctSentences": 2 / 3, "Distinct-2": 2 / 3}


def test_no_text_has_no_diversity() -> None:
    assert diversity([]) == {"DistinctSentences": None, "Distinct-2": None}


@pytest.mark.parametrize("name", ["BLEU", "ROUGE-L", "METEOR"])
def test_the_same_words_score_one_and_other_words_nothing(name: str) -> None:
    measure = overlap_measures()[name]

    assert measure(REPORT, REPORT) == pytest.approx(1, abs=0.01)
    assert measure("Zebra", REPORT) == 0
    assert measure("", REPORT) == 0


def test_rouge_l_is_the_f_measure_of_the_longest_common_subsequence() -> None:
    # "the lungs" of 2 words against 9: precision 1, recall 2/9.
    assert overlap_measures()["ROUGE-L"]("The lungs", REPORT) == pytest.approx(2 * (2 / 9) / (1 + 2 / 9))


def test_bleu_is_the_brevity_penalty_times_the_mean_of_precisions() -> None:
    # Eight of ten tokens, all in order: every precision is 1, and exp(1 - 11 / 8) is left.
    measure, draft = overlap_measures()["BLEU"], "The lungs are clear. There is no"
    tokens = REPORT.replace(".", " .").split()
    assert Counter(tokens).total() == 11
    assert measure(draft, REPORT) == pytest.approx(2.718281828 ** (1 - 11 / 8), abs=1e-6)


def test_without_the_packages_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sacrebleu", None)

    with pytest.raises(DependencyError, match=r"casekin\[text-measures\]"):
        overlap_measures()


class FakeRadEval:
    """Answers as RadEval 2 does with `per_sample`: a list a metric, and figures of all together."""

    def __init__(self, *, metrics: list[str], per_sample: bool, show_progress: bool) -> None:
        assert per_sample and not show_progress
        self.metrics = metrics

    def __call__(self, *, refs: list[str], hyps: list[str]) -> dict[str, Any]:
        if "no_such" in self.metrics:
            raise ValueError(f"no metric for {refs}")
        return {self.metrics[0]: [float(len(hyp)) for hyp in hyps], "over_all": 0.5}


def test_radeval_gives_a_value_for_each_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "radeval", SimpleNamespace(RadEval=FakeRadEval))

    assert score_with_radeval(["a", "bc"], ["x", "y"], metrics=["radgraph"]) == {"radgraph": (1.0, 2.0)}


def test_what_radeval_raises_becomes_our_error_and_tells_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "radeval", SimpleNamespace(RadEval=FakeRadEval))

    with pytest.raises(DependencyError, match="got ValueError") as raised:
        score_with_radeval(["a"], ["SECRET"], metrics=["no_such"])
    assert "SECRET" not in str(raised.value)


def test_without_radeval_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "radeval", None)

    with pytest.raises(DependencyError, match="pip install 'radeval>=2'"):
        score_with_radeval(["a"], ["b"])


def test_radeval_wants_a_report_for_each_draft() -> None:
    with pytest.raises(InputError, match="as many reports"):
        score_with_radeval(["a", "b"], ["c"])
