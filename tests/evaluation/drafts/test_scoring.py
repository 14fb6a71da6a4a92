from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation.drafts import CONSTANT, COPY, RANDOM, Reference, ToldDraft, score_drafts
from casekin.evaluation.drafts.reliability import StatedLikelihood, describe_reliability
from casekin.evaluation.truth import TrueCase
from casekin.types import Fact

NORMAL = "The lungs are clear. No pleural effusion."
EFFUSION = Fact(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")
CASES = [f"c{i}" for i in range(8)]
SICK = CASES[:4]


def reference(case: str) -> Reference:
    true = TrueCase(case_id=case, split=None, facts=(EFFUSION,) if case in SICK else ())
    return Reference.of_truth(true, patient=f"p{case}", text="Left pleural effusion." if case in SICK else NORMAL)


REFERENCES = {case: reference(case) for case in CASES}


def record(case: str, *, p: float = 0.9) -> dict[str, Any]:
    claim = {"finding": "pleural_effusion", "anatomy": "pleural_space", "side": "left"}
    polarity, text = ("present", "Left pleural effusion.") if case in SICK else ("absent", "No left pleural effusion.")
    said = {"text": text, **claim, "polarity": polarity, "cites": ["x"], "section": "findings"}
    return {"sentences": [{**said, "support": {"p": p, "n": 3, "interval": [0.5, 1]}}]}


def drafts() -> list[ToldDraft]:
    return [ToldDraft.of_record(case, record(case)) for case in CASES]


def texts(of: dict[str, str]) -> list[ToldDraft]:
    return [ToldDraft.of_text(case, text) for case, text in of.items()]


def scored(**changes: Any) -> dict[str, Any]:
    half = {case: "Left pleural effusion." if case in SICK[:2] else NORMAL for case in CASES}
    beside = {CONSTANT: texts(dict.fromkeys(CASES, NORMAL)), COPY: texts(half)}
    return score_drafts(drafts(), REFERENCES, **{"baselines": beside, "resamples": 100, **changes}).as_record()


def test_drafts_stand_beside_the_constant_report_and_the_copy() -> None:
    told = scored()

    assert told["measures"]["F1(present)"]["mean"] == 1
    assert told["baselines"][CONSTANT]["measures"]["F1(present)"]["mean"] == 0
    # Two of four found: precision 1, recall 1/2.
    assert told["baselines"][COPY]["measures"]["F1(present)"]["mean"] == pytest.approx(2 / 3)
    assert told["baselines"][COPY]["difference"]["F1(present)"]["mean"] == pytest.approx(1 / 3)
    assert told["distances"]["F1(present)"]["mean"] == pytest.approx(3 / 2)
    assert (told["n_queries"], told["patients"], told["labels"]) == (8, 8, {"source": "truth"})


def test_chance_is_what_a_random_case_gets() -> None:
    beside = {RANDOM: texts(dict.fromkeys(CASES, "Left pleural effusion."))}
    told = scored(baselines=beside)

    assert told["measures"]["Precision(present)"]["chance"] == 1 / 2
    assert told["chance"] == told["baselines"][RANDOM]["measures"]["F1(polarity)"]["mean"]
    assert scored()["chance"] is None


def test_a_case_without_a_draft_has_said_nothing() -> None:
    told = score_drafts(drafts()[:6], REFERENCES, resamples=50).as_record()["measures"]

    assert told["Answered"]["mean"] == 6 / 8
    assert told["Recall(present)"]["mean"] == 1


def test_drafts_and_their_order_change_nothing_else() -> None:
    assert json.dumps(scored()) == json.dumps(scored())
    assert (
        score_drafts(drafts()[::-1], REFERENCES, resamples=50).measures
        == score_drafts(drafts(), REFERENCES, resamples=50).measures
    )


def test_citations_are_held_to_the_cases_that_are_given() -> None:
    fits = {"x": reference("c0")}

    assert scored()["measures"]["CitationPrecision"]["mean"] == 0
    assert scored(cited=fits)["measures"]["CitationPrecision"]["mean"] == 1 / 2
    assert "CitationPrecision" not in scored()["baselines"][COPY]["measures"]


def test_overlap_of_words_is_missing_loudly_without_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rouge_score.rouge_scorer", None)
    told = scored()

    assert "text-measures" in told["missing"]["BLEU, ROUGE-L, METEOR"]
    assert "BLEU" not in told["measures"]


def test_a_draft_of_an_unknown_case_or_a_second_one_is_refused() -> None:
    with pytest.raises(InputError, match="isn't measured"):
        score_drafts([ToldDraft.of_text("zz", NORMAL)], REFERENCES)
    with pytest.raises(InputError, match="got two"):
        score_drafts(texts({"c0": NORMAL}) * 2, REFERENCES)
    with pytest.raises(InputError, match="got none"):
        score_drafts([], {})


def test_stated_likelihoods_that_hold_have_a_small_calibration_error() -> None:
    rng = np.random.default_rng(0)
    stated, drawn = rng.uniform(size=1500).tolist(), rng.uniform(size=1500).tolist()
    honest = [StatedLikelihood(p, y < p, str(i)) for i, (p, y) in enumerate(zip(stated, drawn, strict=True))]
    boastful = [StatedLikelihood(0.95, i % 2 == 0, str(i)) for i in range(400)]
    good, bad = describe_reliability(honest, seed=0), describe_reliability(boastful, seed=0)

    assert good is not None and bad is not None
    assert good["ECE(bins=10)"]["mean"] < 0.06
    # AUROC of p against outcomes drawn by p, uniform on [0, 1]: P(p_i > p_j | y_i = 1, y_j = 0) = 5/6.
    assert good["AUROC"]["mean"] == pytest.approx(5 / 6, abs=0.03)
    assert bad["ECE(bins=10)"]["mean"] == pytest.approx(0.45)
    assert [(one["low"], one["true"]["mean"]) for one in bad["bins"]] == [(0.9, 0.5)]


def test_reports_state_no_likelihood() -> None:
    assert score_drafts(texts({"c0": NORMAL}), REFERENCES, resamples=50).reliability is None
    assert describe_reliability([], seed=0) is None


def test_a_draft_says_how_likely_its_claims_are() -> None:
    told = scored()["reliability"]

    assert (told["claims"], told["mean_p"], told["true"]) == (8, pytest.approx(0.9), 1)
    assert told["ECE(bins=10)"]["mean"] == pytest.approx(0.1)
