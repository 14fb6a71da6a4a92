"""How presets are compared: who knows the truth is first, lists are those of a plain second way, seeds are averaged."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, on_radiograph, parse_place
from casekin.errors import InputError
from casekin.relevance.cases import stands_at

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FINDINGS = ("consolidation", "pneumothorax", "nodule")
PLACES = tuple(map(str, LOCATIONS))


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    names = ("preset_questions", "preset_scores", "preset_report", "preset_measures")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))  # benchmarks import one another, as scripts of one folder do
        return {name: importlib.import_module(name) for name in names}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty patients, two cases each; the films show one of three findings in one lower lung zone, or nothing."""
    folder = tmp_path_factory.mktemp("archive")
    rng = np.random.default_rng(4)
    manifest, truth = [], []
    for number in range(60):
        case = {"case_id": f"c{number:02d}", "patient_id": f"p{number // 2:02d}"}
        side, finding = ("left", "right")[int(rng.integers(2))], FINDINGS[int(rng.integers(3))]
        fact = {"finding": finding, "anatomy": "lower_lung_zone", "side": side, "severity": None, "size_mm": None}
        shown = [{**fact, "polarity": "present", "change": None, "in_image": True}] if number % 4 else []
        normal = [{"anatomy": "lower_lung_zone", "side": "left" if side == "right" else "right"}] if number % 3 else []
        manifest.append(
            {**case, "image": "x.png", "modality": "DX", "view": "PA", "report": f"{finding} {side} {number}"}
        )
        truth.append({**case, "facts": shown, "normal_anatomies": normal, "boxes": [], "masks": {}})
    for name, rows in (("manifest", manifest), ("truth", truth)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def questions(parts: dict[str, Any], archive: Path) -> Any:
    return parts["preset_questions"].read_questions(archive, queries=0)


def knowing(parts: dict[str, Any], questions: Any, *, seed: int = 0, noise: float = 0.0) -> Any:
    """Vectors of the truth: a number for each finding, 1 where it stands at the place; a small one for its absence."""
    rng = np.random.default_rng(seed)
    shown = np.array(
        [
            [[any(f.finding == name and stands_at(f, at) for f in case.facts) for name in FINDINGS] for at in LOCATIONS]
            for case in questions.cases
        ],
        dtype=np.float32,
    )
    shown += noise * rng.standard_normal(shown.shape).astype(np.float32)
    return parts["preset_questions"].Vectors(
        preset="knowing", seed=seed, case_ids=questions.case_ids, places=PLACES, region=shown, whole=shown.max(axis=1)
    )


def test_vectors_of_the_truth_find_the_same_finding_at_the_same_place_first(parts: Any, questions: Any) -> None:
    vectors = knowing(parts, questions)
    table = parts["preset_scores"].measure_model(questions, vectors)["at places"]
    assert table.column("P@1").min() == 1.0
    assert np.nanmax(table.column("SideError@5")) == 0.0
    whole = parts["preset_scores"].measure_global(questions, vectors)["at places"]
    assert table.column().mean() > whole.column().mean()
    assert np.nanmax(whole.column("ConditionSensitivity@10")) == 0.0


def test_lists_are_those_of_a_plain_second_way(parts: Any, questions: Any) -> None:
    vectors = knowing(parts, questions, noise=0.5)
    pq = parts["preset_questions"]
    run = pq.rank("plain", questions, pq.by_region(vectors), depth=7)
    patients = {entry.case_id: entry.patient for entry in questions.entries}
    numbers = {name: number for number, name in enumerate(questions.case_ids)}
    for query in questions.asked[::5]:
        case, _, place = query.partition("@")
        shares = {} if place == "*" else on_radiograph(parse_place(place))

        def score(other: str, case: str = case, shares: Any = shares) -> float:
            i, j = numbers[case], numbers[other]
            if not shares:
                return round(float(vectors.whole[i].astype(float) @ vectors.whole[j].astype(float)), 6)
            at = {PLACES.index(str(name)): share for name, share in shares.items()}
            parts = [w * float(vectors.region[i, k].astype(float) @ vectors.region[j, k]) for k, w in at.items()]
            return round(sum(parts), 6)

        others = [name for name in questions.case_ids if patients[name] != patients[case]]
        assert list(run.lists[query]) == sorted(others, key=lambda name: (-score(name), name))[:7]


def test_a_lobe_is_asked_by_its_zones(parts: Any, questions: Any) -> None:
    vectors = knowing(parts, questions, noise=1.0)
    score = parts["preset_questions"].by_region(vectors)
    rows = np.arange(5)
    shares = on_radiograph(parse_place("left_lower_lobe"))
    wanted = sum(share * score(str(place), rows) for place, share in shares.items())
    assert score("left_lower_lobe", rows) == pytest.approx(wanted)


def test_cases_without_a_vector_come_last(parts: Any, questions: Any) -> None:
    pq, vectors = parts["preset_questions"], knowing(parts, questions, noise=0.1)
    whole = vectors.whole.copy()
    whole[7] = np.nan
    run = pq.rank("gap", questions, pq.by_whole(whole, whole), depth=len(whole))
    missing, query = questions.case_ids[7], next(q for q in questions.asked if not q.startswith("c06@"))
    assert run.lists[query][-1] == missing or query.startswith(missing)


def test_reports_that_equal_their_images_find_their_own_image_and_shifted_ones_do_not(
    parts: Any, questions: Any
) -> None:
    unit = np.eye(len(questions.case_ids), dtype=np.float32)
    own = parts["preset_scores"].own_report
    by_whole = parts["preset_questions"].by_whole
    assert own(questions, by_whole(unit, unit)).column("R@1").mean() == 1.0
    assert own(questions, by_whole(unit, np.roll(unit, 1, axis=0))).column("R@1").mean() == 0.0


def test_the_same_way_of_pointing_agrees_and_its_opposite_does_not(parts: Any, questions: Any) -> None:
    vectors = knowing(parts, questions, noise=0.3)
    pointed = parts["preset_questions"].Vectors(
        **{name: getattr(vectors, name) for name in ("preset", "seed", "case_ids", "places", "region", "whole")},
        pointed={"box": vectors.region, "phrase": -vectors.region},
    )
    tables = parts["preset_scores"].measure_model(questions, pointed)
    assert tables["pointing by box"].values.min() == 1.0
    assert tables["pointing by phrase"].values.max() == 0.0


def test_seeds_are_averaged_question_by_question(parts: Any, questions: Any) -> None:
    seeds = [
        parts["preset_scores"].measure_model(questions, knowing(parts, questions, seed=seed, noise=0.8))["at places"]
        for seed in (0, 1, 2)
    ]
    record = parts["preset_scores"].summarise(seeds)["measures"]["nDCG@10"]
    assert record["mean"] == pytest.approx(np.mean([one.column().mean() for one in seeds]))
    assert record["by_seed"] == pytest.approx([one.column().mean() for one in seeds])
    assert record["lo"] < record["mean"] < record["hi"]


def test_a_record_compares_the_subject_with_all_others_and_can_be_read(
    parts: Any, questions: Any, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    for name, seed, noise in (("sure", 0, 0.3), ("sure", 1, 0.3), ("unsure", 0, 3.0), ("hesitant", 0, 1.0)):
        vectors = knowing(parts, questions, seed=seed, noise=noise)
        folder = tmp_path / f"{name}{seed}"
        folder.mkdir()
        np.save(folder / "region.npy", vectors.region.astype(np.float16))
        np.save(folder / "global.npy", vectors.whole.astype(np.float16))
        card = {
            "case_ids": vectors.case_ids,
            "places": vectors.places,
            "preset": name,
            "seed": seed,
            "budget": {"s": 1},
        }
        (folder / "cases.json").write_text(json.dumps(card))
        names.append(str(folder))
    out = tmp_path / "out.json"
    page = tmp_path / "page.md"
    arguments = ["--archive", str(archive), "--queries", "0", "--baseline", "metadata", "--out", str(out)]
    arguments += ["--variant", "hesitant"]
    monkeypatch.setattr("sys.argv", ["x", *names, *arguments, "--page", str(page), "--note", "Brief."])
    parts["preset_measures"].main()
    record = json.loads(out.read_text())
    assert record["subject"] == "sure" and record["models"]["sure"]["seeds"] == [0, 1]
    gap = record["differences"]["at places"]["unsure"]["nDCG@10"]
    means = [record["models"][name]["tasks"]["at places"]["measures"]["nDCG@10"]["mean"] for name in ("sure", "unsure")]
    assert gap["mean"] == pytest.approx(means[0] - means[1]) and gap["lo"] > 0 and gap["p_holm"] < 0.05
    anatomies = record["anatomies"]["unsure"]
    assert anatomies["better_of_30"]["anatomies"] == len(anatomies["places"])
    text = page.read_text()
    assert "\nBrief.\n" in text and "best peer, unsure" in text and "against its variant hesitant" in text
    assert "| chance |" in text and all(f"| {name} |" in text for name in ("sure", "unsure", "metadata"))
    picture = ElementTree.fromstring(page.with_suffix(".svg").read_text())
    assert {"sure", "unsure", "metadata", "chance"} <= {"".join(one.itertext()) for one in picture.iter()}


def test_vectors_that_do_not_fit_together_are_refused(parts: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "region.npy", np.zeros((2, 3, 4), dtype=np.float16))
    np.save(tmp_path / "global.npy", np.zeros((2, 4), dtype=np.float16))
    (tmp_path / "cases.json").write_text(json.dumps({"case_ids": ["a", "b"], "places": ["trachea"]}))
    with pytest.raises(InputError, match="region"):
        parts["preset_questions"].read_vectors(tmp_path)
