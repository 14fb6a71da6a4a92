"""judge: pairs that searches put forward go to readers as pages; what they answer becomes labels and agreement."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import casekin
from casekin.anatomy import on_radiograph, parse_place
from casekin.errors import InputError, PlaceError
from casekin.evaluation import Judgements, read_judgements, read_run
from casekin.evaluation.judging import (
    Film,
    Pools,
    Session,
    draw_session,
    pool_pairs,
    read_adjudicated,
    read_answers,
    read_session,
    reader_page,
    settle,
)
from casekin.evaluation.judging.answers import GRADES, adjudicate, holds_grades
from casekin.evaluation.judging.outcome import (
    CONSENSUS,
    consensus_judged,
    consensus_qrels,
    describe_outcome,
    open_pairs,
    outcome_markdown,
)
from casekin.evaluation.statistics import RESAMPLES
from casekin.index import CaseIndex, StoredImage
from casekin.journeys.evaluating.intake import find_qrels
from casekin.journeys.mining.results import write_lines
from casekin.relevance.trec import ANYWHERE
from casekin.retrieval.encode import turn_of
from casekin.types import Box

_KEY = "key.json"
_CASES = "cases.jsonl"
_OPEN = "adjudicate.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingOptions:
    """What readers get to see.

    `pairs`: at most so many, repeats apart. `depth`: of each run, the first so many cases of a query. `readers`: pages.
    `with_reports`: the reports stand below the films; they give grades away, and names where reports hold them.
    """

    pairs: int = 200
    depth: int = 10
    readers: int = 2
    seed: int = 0
    with_reports: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedJudging:
    """A session on disk: `pages` go to the readers, `key` and what lies beside it stays."""

    out: Path
    session: Session
    removed: Mapping[str, int]
    pages: tuple[Path, ...]
    key: Path

    def as_record(self) -> dict[str, Any]:
        pairs = self.session.pairs
        return {
            "out": str(self.out),
            "session": self.session.id,
            "pairs": len(pairs),
            "repeats": len(self.session.orders[0]) - len(pairs),
            "queries": len({query for pair in pairs for query, _ in pair.asked}),
            "patients": len({pair.patient for pair in pairs}),
            "random_pairs": sum(pair.source == "random" for pair in pairs),
            "removed": dict(self.removed),
            "pages": [str(page) for page in self.pages],
            "key": str(self.key),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedJudging:
    """What `collect_judgements` wrote: `record` is the content of `agreement.json`, `qrels` the labels."""

    out: Path
    record: Mapping[str, Any]
    qrels: Path

    def as_record(self) -> dict[str, Any]:
        return {"out": str(self.out), "qrels": str(self.qrels), **self.record}


def prepare_judging(
    index: CaseIndex, runs: Sequence[Path], *, out: Path, options: JudgingOptions | None = None
) -> PreparedJudging:
    """Pool the runs of an index, draw pairs, and write `out/pages/reader-N.html`, `out/key.json`, `out/cases.jsonl`.

    The same arguments give the same bytes. Raises `InputError` for a run that isn't one or names cases that the index
    lacks, where nothing can be shown, and where `out` holds another session.
    """
    options = options or JudgingOptions()
    with index.snapshot():
        patients, pictured = _read_catalog(index)
        read = [read_run(path) for path in runs]
        pools = pool_pairs(read, depth=options.depth, patients=patients, pictured=pictured)
        session = draw_session(
            pools,
            pairs=options.pairs,
            readers=options.readers,
            seed=options.seed,
            patients=patients,
            origin=_origin(index, runs, options, pools),
        )
        _check_unused(out, session)
        folder = out / "pages"
        folder.mkdir(parents=True, exist_ok=True)
        _write(out / _KEY, json.dumps(session.as_record(), ensure_ascii=False, indent=1) + "\n")
        known = {"split": CONSENSUS}
        write_lines(out / _CASES, ({"case_id": case, "patient": patients[case], **known} for case in sorted(patients)))
        find_film = _Films(index, with_reports=options.with_reports).find
        pages = []
        for reader in range(1, options.readers + 1):
            pages.append(folder / f"reader-{reader}.html")
            _write(pages[-1], reader_page(session, reader, find_film))
    return PreparedJudging(out=out, session=session, removed=pools.removed, pages=tuple(pages), key=out / _KEY)


def collect_judgements(
    folder: Path,
    answers: Sequence[Path],
    *,
    out: Path,
    adjudicated: Path | None = None,
    mined: Path | None = None,
    seed: int = 0,
) -> CollectedJudging:
    """Read the answers to the session in `folder` and write agreement, labels, and what is left to adjudicate.

    `out` gets `agreement.json` and `agreement.md`, `adjudicate.jsonl` (to be filled in and given as `adjudicated`) and
    `qrels/` as evaluation reads it: `consensus.qrels`, `judged.jsonl`, `cases.jsonl`, `manifest.json`. `mined` are
    other labels of the same cases, compared with the readers'. Raises `InputError` for answers that are not whole or
    of another session, for fewer than two readers, where no pair has a grade, and where grades that were filled in
    would be lost.
    """
    if adjudicated is None and (out / _OPEN).is_file() and holds_grades(out / _OPEN):
        raise InputError(f"out: {_OPEN} in {out.name!r} holds grades; give it as --adjudicated, or name another --out")
    session = read_session(folder / _KEY)
    readers = sorted((read_answers(path, session) for path in answers), key=lambda one: one.reader)
    names = [one.reader for one in readers]
    if len(set(names)) < max(2, len(names)):
        raise InputError(f"answers: expected two readers or more, each once, got {names}; give one file of each")
    verdicts = settle(session, readers)
    if adjudicated is not None:
        verdicts = adjudicate(verdicts, read_adjudicated(adjudicated, session, verdicts))
    if all(verdict.grade is None for verdict in verdicts):
        raise InputError("answers: expected a pair that readers agree on, got none; adjudicate some pairs first")
    labels = None if mined is None else _read_mined(mined)
    record = {
        "program": casekin.__version__,
        **describe_outcome(session, readers, verdicts, mined=labels, seed=seed, resamples=RESAMPLES),
    }
    (out / "qrels").mkdir(parents=True, exist_ok=True)
    write_lines(out / _OPEN, open_pairs(session, readers, verdicts))
    qrels = out / "qrels" / f"{CONSENSUS}.qrels"
    _write(qrels, "".join(consensus_qrels(session, verdicts)))
    write_lines(out / "qrels" / "judged.jsonl", consensus_judged(session, verdicts))
    _write(out / "qrels" / _CASES, (folder / _CASES).read_text(encoding="utf-8"))
    _write(out / "qrels" / "manifest.json", json.dumps(_manifest(record, qrels.parent), indent=1) + "\n")
    _write(out / "agreement.md", outcome_markdown(record))
    _write(out / "agreement.json", json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return CollectedJudging(out=out, record=record, qrels=qrels)


def _read_catalog(index: CaseIndex) -> tuple[dict[str, str], set[str]]:
    """Patient by case id, and the cases that have a picture."""
    catalog = index.catalog()
    cases = zip(catalog.case_id_of_case.tolist(), catalog.patient_of_case.tolist(), strict=True)
    pictured = {catalog.case_id_of_case[number] for number in np.unique(catalog.case_of_image).tolist()}
    return {case: patient for case, patient in cases if case}, pictured - {""}


def _origin(index: CaseIndex, runs: Sequence[Path], options: JudgingOptions, pools: Pools) -> dict[str, Any]:
    """What the session was made of, as the key tells it."""
    return {
        "program": casekin.__version__,
        "index_version": index.version(),
        "model_version": index.model_version(),
        "depth": options.depth,
        "with_reports": options.with_reports,
        "runs": [{"name": path.stem, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in runs],
        "places": sorted({query.partition("@")[2] for query in pools.cases}),
    }


def _check_unused(out: Path, session: Session) -> None:
    """InputError where another session's pages would be lost."""
    key = out / _KEY
    if key.exists() and read_session(key).id != session.id:
        raise InputError(f"out: {out.name} holds another session, whose readers may be at work; name another --out")


class _Films:
    """Pictures of an index's cases, each with the place outlined."""

    def __init__(self, index: CaseIndex, *, with_reports: bool) -> None:
        self._index = index
        self._with_reports = with_reports
        self._images = cache(self._read_images)
        self._report = cache(self._read_report)

    def find(self, case_id: str, place: str) -> Film:
        """The first image that shows the place, else the case's first."""
        images = self._images(case_id)
        boxes = [_outline(image, place) for image in images]
        chosen = next((number for number, box in enumerate(boxes) if box is not None), 0)
        image, box = images[chosen], boxes[chosen]
        width, height = Image.open(io.BytesIO(image.preview)).size
        across, down = width / image.width, height / image.height
        return Film(
            jpeg=image.preview,
            width=width,
            height=height,
            box=box and Box(x0=box.x0 * across, y0=box.y0 * down, x1=box.x1 * across, y1=box.y1 * down),
            report=self._report(case_id) if self._with_reports else None,
        )

    def _read_images(self, case_id: str) -> tuple[StoredImage, ...]:
        return tuple(self._index.images(self._index.image_ids_of(case_id)))

    def _read_report(self, case_id: str) -> str | None:
        return self._index.cases([case_id])[case_id].report


def _outline(image: StoredImage, place: str) -> Box | None:
    """One box, in stored pixels, around every location that stands for the place; None where the image shows none."""
    if place == ANYWHERE:
        return None
    try:
        locations = on_radiograph(parse_place(place))
    except PlaceError:  # a place that frontal films don't show
        return None
    boxes = [image.boxes[str(location)] for location in locations if str(location) in image.boxes]
    if not boxes:
        return None
    stored = turn_of(image.turn).to_stored(Box.around(boxes))
    return stored.clipped(width=image.width, height=image.height)


def _read_mined(path: Path) -> Judgements:
    """Labels to compare with, of a file or of mining's folder. InputError when their grades are others than 0 to 3."""
    labels = read_judgements(find_qrels(path, None) if path.is_dir() else path)
    odd = {grade for listed in labels.listed.values() for grade in listed.grades.tolist()} - set(GRADES)
    if odd:
        raise InputError(f"{path.name}: expected grades 0, 1, 2 and 3, got {min(odd):g}; give the qrels of a mining")
    return labels


def _manifest(record: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    names = (f"{CONSENSUS}.qrels", "judged.jsonl", _CASES)
    return {
        "version": "1",
        "labeller": {"name": "readers", "session": record["session"], "readers": record["readers"]},
        "rule": "the readers' grade; the lower of two neighbours; else adjudicated",
        "program": record["program"],
        "counts": record["consensus"],
        "files": {name: _digest(folder / name) for name in names},
    }


def _digest(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    return {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}


def _write(path: Path, text: str) -> None:
    """The file has its name only once it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
