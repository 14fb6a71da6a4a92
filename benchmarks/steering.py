"""Promise: what a search is steered by does what it says, on simulated patients that chose nothing of it.

Reports of look-alikes, counted for a picture alone, raise nDCG@10 and lower neither it at normal places nor the mirror
rule; wider places find the finding that was asked for; counter-evidence shows, by the truth, another finding and not
the question's, and normals that are normal. Intervals are 95 % by patient; differences are paired.

    casekin world --out archive --patients 600 --seed 9102
    casekin ingest archive --index index
    python benchmarks/steering.py --archive archive --index index
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from casekin import CaseIndex, Place, SearchQuery, load_encoder, search_cases
from casekin.anatomy import LOCATIONS, on_radiograph, parse_place
from casekin.findings import is_a
from casekin.imaging.manifest import ManifestProblem, read_manifest
from casekin.models import ImageEncoder
from casekin.relevance import CaseFindings
from casekin.relevance.cases import is_normal_at, stands_at
from casekin.relevance.trec import ANYWHERE
from casekin.retrieval.ask import LOOK_ALIKES
from casekin.retrieval.counted import ShownPresence, StatedFacts, count_stated
from casekin.retrieval.query import FACTS_WEIGHT
from casekin.retrieval.rank import RankedCase, make_terms, rank_cases
from casekin.retrieval.resolve import resolve_places
from floors import patient_interval
from preset_questions import Questions, read_questions

DEPTH, FIRST, COUNTER = 10, 5, 3
_DISCOUNT = 1.0 / np.log2(np.arange(2, DEPTH + 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=1000, help="at findings; a quarter as many at normal places")
    parser.add_argument("--pictures", type=int, default=150, help="questions that ask for counter-evidence")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "steering.json")
    args = parser.parse_args()
    encoder = load_encoder()
    questions = read_questions(args.archive, queries=args.queries)
    with CaseIndex(args.index) as index:
        report = {
            "benchmark": "steering",
            "model_version": index.model_version(),
            "gallery": len(questions.case_ids),
            "reports_counted": measure_counting(index, questions, encoder.form.findings),
            "wider_places": measure_ladder(index, questions),
            "counter_evidence": measure_counter(index, questions, args.archive, encoder, count=args.pictures),
        }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


# --- reports of look-alikes, counted ---------------------------------------------------------------------------------


def measure_counting(index: CaseIndex, questions: Questions, findings: tuple[str, ...]) -> dict[str, Any]:
    """Every measure without and with the reports, and the paired difference; each question by its stored vectors."""
    patient = dict(zip(questions.case_ids, questions.task.judgements.patients, strict=True))
    asked_by: dict[str, list[str]] = defaultdict(list)
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with index.snapshot():
        for query in questions.asked:
            lists = _lists(index, query, findings)
            figures = {
                name: _figures(questions, query, [case.case_id for case in found]) for name, found in lists.items()
            }
            for measure in figures["pictures"]:
                asked_by[measure].append(patient[query.partition("@")[0]])
                for name, told in figures.items():
                    values[measure][name].append(told[measure])
    return {
        measure: {
            **{name: patient_interval(found, asked_by[measure]) for name, found in by_name.items()},
            "difference": patient_interval(
                (np.array(by_name["with reports"]) - np.array(by_name["pictures"])).tolist(), asked_by[measure]
            ),
        }
        for measure, by_name in values.items()
    }


def _lists(index: CaseIndex, query: str, findings: tuple[str, ...]) -> dict[str, list[RankedCase]]:
    """The question's first cases by pictures alone, and with what reports of look-alikes state."""
    case_id, _, name = query.partition("@")
    vectors = index.vectors_of(index.image_ids_of(case_id)[0])
    regions = () if name == ANYWHERE else resolve_places([parse_place(name)], source="name")
    catalog = index.catalog()
    ranked = rank_cases(
        index,
        terms=make_terms(regions, vectors),
        text_scores=None,
        free=None,
        allowed=~index.mask_of(patients=index.patients_of(case_id=case_id)),
        group_of_case=catalog.id_rank,
        limit=LOOK_ALIKES,
    )
    shares = dict.fromkeys(LOCATIONS, 1 / len(LOCATIONS)) if name == ANYWHERE else on_radiograph(parse_place(name))
    shown = ShownPresence(
        findings=findings,
        locations=tuple(shares),
        weights=np.array(list(shares.values())),
        values=np.stack([vectors[str(place)][: len(findings)] for place in shares]).astype(np.float64),
    )
    stated = StatedFacts.of(index, findings).at([case.case_no for case in ranked], shown.locations)
    counted = count_stated(ranked, stated, shown, weight=FACTS_WEIGHT)
    return {"pictures": ranked[:DEPTH], "with reports": counted[:DEPTH]}


def _figures(questions: Questions, query: str, found: Sequence[str]) -> dict[str, float]:
    """nDCG@10 at findings or at normal places, contradictions and mirrored findings among the first five."""
    judged = questions.task.judgements
    case_id, _, place = query.partition("@")
    number = {name: position for position, name in enumerate(judged.documents)}
    own = judged.patients[number[case_id]]
    there = np.array([number[name] for name in found])
    grades = np.zeros(len(number))
    if query in questions.normal:
        grades[judged.normal[place]] = 1.0
    else:
        grades[judged.listed[query].numbers] = judged.listed[query].grades
    grades[np.array(judged.patients) == own] = 0.0
    ideal = np.sort(grades)[::-1][:DEPTH]
    value = float(grades[there] @ _DISCOUNT[: len(there)] / max(ideal @ _DISCOUNT[: len(ideal)], 1e-9))
    if query in questions.normal:
        return {"nDCG@10 at normal places": value}
    figures = {"nDCG@10": value, f"contradictions@{FIRST}": _share(questions, "contradicting", query, there)}
    if place.startswith(("left_", "right_")):
        figures[f"mirrored@{FIRST}"] = _share(questions, "mirrored", query, there)
    return figures


def _share(questions: Questions, relation: str, query: str, there: Any) -> float:
    """The share of the first five cases that stand in a relation to the question."""
    listed = questions.relations[relation].listed.get(query)
    return 0.0 if listed is None else float(np.isin(there[:FIRST], listed.numbers).mean())


# --- wider places ----------------------------------------------------------------------------------------------------


def measure_ladder(index: CaseIndex, questions: Questions) -> dict[str, Any]:
    """By step: how many hits it gave, and of how many of them the truth states the finding at the step's place.

    Asked is every finding at a place that fewer than ten reports state there, of a case that has it.
    """
    truth = {case.case_id: case for case in questions.cases}
    wanted = sorted({(f.finding, str(f.place)) for c in questions.cases for f in c.facts if f.polarity == "present"})
    steps: dict[int, list[bool]] = defaultdict(list)
    dry = without_hits = relieved = 0
    for finding, place in wanted:
        condition = f"{finding} at {place}"
        answer = search_cases(index, SearchQuery(text=finding.replace("_", " "), with_=(condition,), limit=DEPTH))
        if answer.ladder[0].hits >= DEPTH:
            continue
        dry += 1
        without_hits += answer.ladder[0].hits == 0
        relieved += answer.ladder[0].hits == 0 and bool(answer.hits)
        for hit in answer.hits:
            at = parse_place(answer.ladder[hit.step].with_[0].partition(" at ")[2])
            steps[hit.step].append(_shows(truth[hit.case_id], finding, at))
    return {
        "questions": len(wanted),
        "with fewer than ten": dry,
        "without any": without_hits,
        "of these with hits at wider places": relieved,
        "steps": {str(step): {"hits": len(v), "true": float(np.mean(v))} for step, v in sorted(steps.items())},
    }


def _shows(case: CaseFindings, finding: str, place: Place) -> bool:
    return any(is_a(fact.finding, finding) and stands_at(fact, place) for fact in case.facts)


# --- counter-evidence ------------------------------------------------------------------------------------------------


def measure_counter(
    index: CaseIndex, questions: Questions, archive: Path, encoder: ImageEncoder, *, count: int
) -> dict[str, Any]:
    """By the truth: which look-alikes show another finding there, which none of the question's; which normals are.

    Questions are films at places where they show something.
    """
    truth = {case.case_id: case for case in questions.cases}
    images = {r.case_id: archive / r.image for r in read_manifest(archive / "manifest.jsonl") if not _damaged(r)}
    asked = [q for q in questions.task.judgements.listed if not q.endswith(f"@{ANYWHERE}")]
    chosen = [asked[i] for i in sorted(np.random.default_rng(0).permutation(len(asked))[:count])]
    told: dict[str, list[float]] = defaultdict(list)
    patients: dict[str, list[str]] = defaultdict(list)
    for query in chosen:
        case_id, _, name = query.partition("@")
        place, mine = parse_place(name), truth[case_id]
        question = SearchQuery(image=images[case_id], at=(name,), limit=1, counter=COUNTER)
        counter = search_cases(index, question, encoder=encoder).counter
        assert counter is not None
        rows = {"the question's findings are found": [_shows(mine, one, place) for one in counter.findings]}
        cases = [truth[hit.case_id] for hit in counter.lookalikes]
        rows["look-alikes show another finding"] = [_shows_else(case, mine, place) for case in cases]
        rows["look-alikes show none of the question's"] = [not _shares(case, mine, place) for case in cases]
        rows["normals are normal"] = [is_normal_at(truth[hit.case_id], place) for hit in counter.normals]
        for row, values in rows.items():
            told[row] += map(float, values)
            patients[row] += [mine.patient] * len(values)
    return {"questions": len(chosen), **{row: patient_interval(told[row], patients[row]) for row in told}}


def _damaged(row: object) -> bool:
    return isinstance(row, ManifestProblem)


def _there(case: CaseFindings, place: Place) -> set[str]:
    return {fact.finding for fact in case.facts if stands_at(fact, place)}


def _shares(case: CaseFindings, mine: CaseFindings, place: Place) -> bool:
    """Whether both show the same finding there, or one a kind of the other's."""
    return any(is_a(a, b) or is_a(b, a) for a in _there(case, place) for b in _there(mine, place))


def _shows_else(case: CaseFindings, mine: CaseFindings, place: Place) -> bool:
    """Whether a case shows a finding there that is none of the question's and no kind of it."""
    own = _there(mine, place)
    return any(not any(is_a(a, b) or is_a(b, a) for b in own) for a in _there(case, place))


if __name__ == "__main__":
    main()
