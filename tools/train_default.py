"""Train the shipped decoder on simulated archives: python tools/train_default.py --archive DIR ... --out DIR

Two steps, both resumable: views (each radiograph of train and validation under several frames and lights, with the
frozen network's maps of each), then the decoder, judged on validation. Nothing of any test split is read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.evaluation.truth import read_truth
from casekin.models.features import FeatureNet
from casekin.models.weights import FOLDER, checked_file, load_card
from casekin.relevance import CaseFindings, RelevanceTable
from casekin.training.dense import DenseTraining
from casekin.training.dense_views import DenseViews, build_dense_views
from casekin.training.evidence import Scorer
from casekin.training.loop import LoopSettings, fit
from default_samples import findings_of, list_cases, read_dense_samples

SHARPNESS = 4.0
SEEN, HELD = ("train", "validation"), ("test",)
"""Splits of the training archives: shown in several views; and shown as they are, to calibrate. None is a test here."""


def build_views(
    archive: Path, findings: Sequence[str], cache: Path, *, splits: Sequence[str], views: int, seed: int
) -> DenseViews:
    entry = load_card()["files"]["net"]
    started = time.monotonic()
    cases = list_cases(archive, splits)
    name = f"{archive.name}.{'-'.join(splits)}"
    return build_dense_views(
        read_dense_samples(archive, findings, cases),
        len(cases),
        findings,
        cache / name,
        FeatureNet(checked_file(FOLDER, entry["name"], entry["sha256"])),
        views=views,
        seed=seed,
        stamp=f"{name} {entry['sha256']}",
        progress=lambda done, of: told(f"{name}: {done} of {of}, {time.monotonic() - started:.0f} s", done % 50),
    )


def train_decoder(
    archives: Sequence[Path], caches: Sequence[DenseViews], findings: Sequence[str], out: Path, args: argparse.Namespace
) -> DenseTraining:
    """The decoder with the weights of the epoch that is best on validation; goes on from `out/states`."""
    cases = [list_cases(archive, SEEN) for archive in archives]
    training = DenseTraining(
        findings=findings,
        caches=caches,
        patients=[list(one.values()) for one in cases],
        score=truth_scorer(archives, caches, cases),
        settings={"width": args.width, "batch_size": 16, "sharpness": SHARPNESS},
        seed=args.seed,
    )
    settings = LoopSettings(
        epochs=args.epochs,
        learning_rate=3e-3,
        weight_decay=0.03,
        average=0.99,
        patience=args.epochs,
        clip=5.0,
        precision=args.precision,
        seed=args.seed,
        minutes=args.minutes,
    )
    stamp = f"{[one.name for one in archives]} {args.views} {args.width} {args.epochs} {args.seed}"
    fit(training, settings, out / "states", stamp=stamp, told=lambda done, of, line: told(line, done % 50))
    return training


def truth_scorer(archives: Sequence[Path], caches: Sequence[DenseViews], cases: Sequence[Mapping[str, str]]) -> Scorer:
    """Mean nDCG@10 over questions of validation, each within its archive, by the grades of the simulated truth."""
    asked = []
    start = 0
    for archive, cache, patients in zip(archives, caches, cases, strict=True):
        held = [name for name, is_train in zip(patients, cache.train, strict=True) if not is_train]
        asked.append((slice(start, start + len(held)), *truth_questions(archive, held, patients)))
        start += len(held)

    def score(evidence: NDArray[np.float32]) -> Mapping[str, float]:
        values = [
            ndcg(np.einsum("qf,qnf->qn", own[rows, places], own[:, places].transpose(1, 0, 2)), grades)
            for part, rows, places, grades in asked
            for own in (evidence[part],)
        ]
        return {DenseTraining.metric: float(np.concatenate(values).mean())}

    return score


def truth_questions(
    archive: Path, names: Sequence[str], patients: Mapping[str, str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Every case at every location where something stands: case `(Q,)`, place `(Q,)`, grades of all cases `(Q, N)`."""
    truth = read_truth(archive / "truth.jsonl")
    found = [
        CaseFindings(case_id=name, patient=patients[name], facts=truth[name].facts, normal_anatomies=())
        for name in sorted(names)
    ]
    table, at = RelevanceTable.build(found), {name: number for number, name in enumerate(names)}
    order = np.array([at[name] for name in table.case_ids])
    rows, places, grades = [], [], []
    for number, place in enumerate(LOCATIONS):
        for case in table.abnormal(place).tolist():
            listed, grade = table.relevant(table.case_ids[case], place)
            if len(listed):
                rows.append(int(order[case]))
                places.append(number)
                one = np.zeros(len(names), dtype=np.float32)
                one[order[listed]] = grade
                grades.append(one)
    return np.array(rows), np.array(places), np.stack(grades)


def ndcg(scores: NDArray[np.float32], grades: NDArray[np.float32], *, depth: int = 10) -> NDArray[np.float64]:
    """nDCG at a depth of each row of scores and grades `(Q, N)`; the questioner's own patient has grade 0."""
    first = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    got = np.take_along_axis(grades, first, axis=1) @ discounts
    return got / (-np.sort(-grades, axis=1)[:, :depth] @ discounts)


def told(line: str, skip: int = 0) -> None:
    if not skip:
        print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, action="append", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--findings", default="", help="comma-separated; default: all that the archives show")
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--precision", default="bf16", choices=("no", "bf16"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    findings = tuple(args.findings.split(",")) if args.findings else findings_of(args.archive)
    caches = [
        build_views(archive, findings, args.cache, splits=SEEN, views=args.views, seed=args.seed)
        for archive in args.archive
    ]
    train_decoder(args.archive, caches, findings, args.out, args)


if __name__ == "__main__":
    main()
