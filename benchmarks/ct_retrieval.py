"""Promise: asked at a place, CT volumes find the same finding there, better than their projections or metadata do.

    PYTHONPATH=tools python benchmarks/ct_retrieval.py --vectors DIR [--patients 55] [--seed 72]

First examinations of simulated patients that fitted nothing, one volume each; some 11 seconds of one core a patient.
DIR keeps what is encoded, so that the same call goes on where it stopped. Questions and labels are those of
`casekin evaluate --truth` over all splits. Writes `results/ct_retrieval.json`: nDCG@10 with intervals by patient, of
the shipped vectors (`ct`), of their parts in 3D and in projection, of whole volumes, and of rankings without a model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, parse_place
from casekin.models import load_encoder
from casekin.models.ct import load_ct_encoder, places_in_ct
from casekin.models.ct.normals import EVIDENCE
from casekin.relevance.trec import ANYWHERE
from ct_samples import render_samples
from preset_questions import Questions, Scorer, Vectors, by_region, by_whole, rank, read_questions
from preset_scores import Table, compare, measure_baselines, measure_lists, summarise

Volumes = Mapping[str, Mapping[str, NDArray[np.float32]]]
"""By case id: vectors by place's name, and `global`."""
TASKS = ("at places", "whole case", "normal")


def encode_patients(folder: Path, patients: int, *, seed: int) -> None:
    """Render and encode what DIR doesn't hold yet: `NUMBER.npz` and `NUMBER.json`, the lines of manifest and truth."""
    encoder = load_ct_encoder(load_encoder())
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(patients):
        if not (folder / f"{number}.json").exists():
            (sample,) = render_samples([number], seed=seed)
            found = encoder.encode(sample.image)
            vectors = {str(place): vector for place, vector in found.region_vectors.items()}
            vectors["global"] = found.global_vector
            np.savez(folder / f"{number}.npz", allow_pickle=False, **vectors)
            record = {"row": sample.row, "truth": sample.truth, "model_version": encoder.version}
            (folder / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")


def read_patients(folder: Path, patients: int) -> tuple[Volumes, str]:
    """What is encoded, and by which model; writes the archive's two files beside it for `read_questions`."""
    volumes, lines, versions = {}, {"row": "", "truth": ""}, set()
    for number in range(patients):
        record = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{number}.npz", allow_pickle=False) as file:
            volumes[record["row"]["case_id"]] = {name: file[name] for name in file.files}
        versions.add(record["model_version"])
        for part in lines:
            lines[part] += json.dumps(record[part]) + "\n"
    (folder / "manifest.jsonl").write_text(lines["row"], encoding="utf-8")
    (folder / "truth.jsonl").write_text(lines["truth"], encoding="utf-8")
    (version,) = versions
    return volumes, version


def by_located(volumes: Volumes, case_ids: tuple[str, ...], *, part: slice, whole: slice) -> Scorer:
    """Scores of parts of the regions' and the whole's vectors; a question asks where its own volume shows the place."""
    names = sorted({name for found in volumes.values() for name in found})
    stored = {name: _column(volumes, case_ids, name)[:, whole if name == "global" else part] for name in names}

    def score(place: str, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        scores = np.zeros((len(rows), len(case_ids)))
        if place == ANYWHERE:
            return np.asarray(stored["global"][rows] @ stored["global"].T, dtype=np.float64)
        for line, row in enumerate(rows.tolist()):
            located = {parse_place(name): 1 for name in volumes[case_ids[row]] if name != "global"}
            for where, share in places_in_ct(parse_place(place), located).items():
                scores[line] += share * (stored[str(where)] @ stored[str(where)][row])
        return scores

    return score


def _column(volumes: Volumes, case_ids: tuple[str, ...], name: str) -> NDArray[np.float64]:
    width = max(len(found[name]) for found in volumes.values() if name in found)
    return np.stack([volumes[case].get(name, np.zeros(width)) for case in case_ids]).astype(np.float64)


def projections(volumes: Volumes, case_ids: tuple[str, ...]) -> Vectors:
    """The volumes' projections as radiographs: what an index would hold of them without 3D."""
    return Vectors(
        preset="projection",
        seed=0,
        case_ids=case_ids,
        places=tuple(map(str, LOCATIONS)),
        region=np.stack([_column(volumes, case_ids, str(p))[:, :-EVIDENCE] for p in LOCATIONS], axis=1).astype("f4"),
        whole=_column(volumes, case_ids, "global")[:, : whole_length()].astype("f4"),
    )


def whole_length() -> int:
    """Length of a projection's whole vector: every finding at every location, then the look."""
    film = load_encoder()
    return film.form.count * len(LOCATIONS) + film.dim - film.form.count - 1


def measure(questions: Questions, volumes: Volumes) -> dict[str, Mapping[str, Table]]:
    """Every ranking's tables, by name."""
    ids = questions.case_ids
    film = projections(volumes, ids)
    whole = _column(volumes, ids, "global").astype(np.float32)
    scorers: dict[str, Scorer] = {
        "ct": by_located(volumes, ids, part=slice(None), whole=slice(None)),
        "3D alone": by_located(volumes, ids, part=slice(-EVIDENCE, None), whole=slice(whole_length(), None)),
        "ct, whole volume": by_whole(whole, whole),
        "projection": by_region(film),
        "projection, whole": by_whole(film.whole, film.whole),
    }
    tables = {name: measure_lists(questions, rank(name, questions, score)) for name, score in scorers.items()}
    return {**tables, **measure_baselines(questions)}


def record_of(questions: Questions, tables: Mapping[str, Mapping[str, Table]]) -> dict[str, Any]:
    subject = tables["ct"]["at places"]
    others = {name: found["at places"] for name, found in tables.items() if name != "ct"}
    return {
        "cases": len(questions.case_ids),
        "rankings": {
            name: {task: summarise([found[task]]) for task in TASKS if task in found} for name, found in tables.items()
        },
        "ct minus": {name: found["nDCG@10"] for name, found in compare(subject, others).items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--patients", type=int, default=55)
    parser.add_argument("--seed", type=int, default=72)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "ct_retrieval.json")
    args = parser.parse_args()
    encode_patients(args.vectors, args.patients, seed=args.seed)
    volumes, version = read_patients(args.vectors, args.patients)
    questions = read_questions(args.vectors, queries=0)
    record = {"model_version": version, "seed": args.seed, **record_of(questions, measure(questions, volumes))}
    args.out.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name, found in record["rankings"].items():
        figures = [f"{task} {found[task]['measures']['nDCG@10']['mean']:.3f}" for task in TASKS if task in found]
        print(f"{name:20s}", "  ".join(figures))


if __name__ == "__main__":
    main()
