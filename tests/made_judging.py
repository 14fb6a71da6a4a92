"""Judging sessions for tests: a small session, an index with pictures, runs on it, and readers who answer by a rule."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from casekin.evaluation import Run
from casekin.evaluation.judging import Pair, Session, Shown, draw_session, pool_pairs
from casekin.index import CaseIndex
from casekin.types import Box
from made_cases import made_case, made_image, unit_vector
from made_runs import ranked

PLACE = "left_lung"
BOX = Box(x0=40, y0=10, x1=72, y1=90)
"""Where the left lung lies in every made image, in pixels of the 80 x 100 that are stored."""
Rule = Callable[[int], int | None]


def case_names(count: int) -> list[str]:
    """Case ids in order; two cases make a patient."""
    return [f"case-{number:02d}" for number in range(count)]


def patients_of(cases: Sequence[str]) -> dict[str, str]:
    """Each two cases that follow one another are of one patient."""
    return {case: f"patient-{number // 2:02d}" for number, case in enumerate(cases)}


def made_run(name: str, cases: Sequence[str], *, queries: int, seed: int, place: str = PLACE) -> Run:
    """The first `queries` cases ask at the place, and find all others in a random order."""
    random = np.random.default_rng(seed)
    return ranked(
        {
            f"{own}@{place}": [case for case in random.permutation(cases).tolist() if case != own]
            for own in cases[:queries]
        },
        name=name,
    )


def made_session(*, cases: int = 30, queries: int = 12, pairs: int = 40, depth: int = 4, seed: int = 0) -> Session:
    """A session of two readers, drawn from two random runs."""
    names = case_names(cases)
    patients = patients_of(names)
    runs = [made_run("one", names, queries=queries, seed=1), made_run("two", names, queries=queries, seed=2)]
    pools = pool_pairs(runs, depth=depth, patients=patients, pictured=names)
    return draw_session(pools, pairs=pairs, readers=2, seed=seed, patients=patients, origin={"places": [PLACE]})


def plain_session(pairs: Sequence[tuple[str, str]], *, place: str = PLACE, readers: int = 2) -> Session:
    """A session of exactly these pairs, each shown once and in this order; every query is a patient of its own."""
    return Session(
        pairs=tuple(Pair(asked=((f"{a}@{place}", b),), patient=a, source="pool") for a, b in pairs),
        orders=(tuple(Shown(pair=number, swapped=False, again=False) for number in range(len(pairs))),) * readers,
        origin={"places": [place]},
    )


def answer_lines(session: Session, reader: int, rule: Rule | Mapping[int, int | None]) -> list[str]:
    """What the page of a reader saves who grades each pair by a rule, the second time as the first."""
    grade = rule if callable(rule) else rule.__getitem__
    return [
        json.dumps({"session": session.id, "reader": reader, "item": item, "grade": grade(shown.pair)}) + "\n"
        for item, shown in enumerate(session.orders[reader - 1], start=1)
    ]


def write_answers(path: Path, session: Session, reader: int, rule: Rule | Mapping[int, int | None]) -> Path:
    """`answer_lines` as a file."""
    path.write_text("".join(answer_lines(session, reader, rule)), encoding="utf-8")
    return path


def picture(seed: int, *, width: int = 40, height: int = 50) -> bytes:
    """A JPEG of noise."""
    noise = np.random.default_rng(seed).integers(0, 256, size=(height, width), dtype=np.uint8)
    packed = io.BytesIO()
    Image.fromarray(noise).save(packed, "JPEG", quality=60)
    return packed.getvalue()


def write_index(folder: Path, *, cases: int = 12) -> Path:
    """An index of cases with a picture each, half the stored size, and the left lung's box; the last has no image."""
    random = np.random.default_rng(0)
    names = case_names(cases)
    patients = patients_of(names)
    stored = []
    for number, name in enumerate(names):
        image = made_image({"global": unit_vector(random)}, content=name, boxes={PLACE: BOX})
        images = () if number == cases - 1 else (replace(image, preview=picture(number)),)
        stored.append(
            made_case(name, patient=patients[name], images=images, report=f"Report of {name}. </script><b>bold</b>")
        )
    with CaseIndex(folder, create=True) as index:
        index.put(stored)
    return folder


def write_run(path: Path, run: Run) -> Path:
    """A run as a TREC file."""
    lines = [
        f"{query} Q0 {case} {rank} {score} made\n"
        for query, cases in run.lists.items()
        for rank, (case, score) in enumerate(zip(cases, run.scores[query], strict=True), start=1)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path
