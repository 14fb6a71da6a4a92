"""train: an archive and its reports become weights, a card and a record of the run; it goes on where it stopped."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import DependencyError, InputError, ModelError
from casekin.evaluation import Judgements, Run, judge_run, read_judgements
from casekin.evaluation.measures.catalogue import parse_measure
from casekin.journeys.mine import mine_reports
from casekin.models import load_encoder
from casekin.models.weights import find_card
from casekin.relevance.trec import split_query_id
from casekin.training.presets import Preset, read_preset

if TYPE_CHECKING:
    from casekin.models import ImageEncoder
    from casekin.training.dual_training import Scorer

_MEASURE = "nDCG@10"
_QUESTIONS = 1_000
"""Questions of validation that are asked after each epoch: more would take longer than they tell apart."""
Told = Callable[[int, int, str], None]
"""Progress: done, in all, and what is being done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """What changes a run's results. `encoder`: a shipped name or a card, whose maps stay as they are, or a backbone of
    `learning_backbones`, which learns along. `epochs` and `minutes`: how often the images are shown, and a cap on the
    time that takes, None for the preset's; `patients`: of either split.
    """

    preset: str = "evidence"
    encoder: str = "default"
    size: str | None = None
    epochs: int | None = None
    minutes: float | None = None
    patients: int | None = None
    precision: Literal["no", "bf16", "fp16"] = "no"
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """What a training did: `record` is the content of `run.json`."""

    out: Path
    record: Mapping[str, Any]

    def as_record(self) -> dict[str, Any]:
        return {"out": str(self.out), **self.record}


def train_model(
    archive: Path,
    *,
    out: Path,
    cache: Path | None = None,
    options: TrainOptions | None = None,
    told: Told | None = None,
) -> TrainResult:
    """Train on the frontal radiographs of `archive` and their reports; weights, card, ONNX and record go into `out`.

    Reads `manifest.jsonl` and `mined/`, which is made where it is absent; nothing else of the archive, and of the test
    split no image. Views and maps are kept in `cache`, by default a folder of that name beside `out`, which any number
    of runs share, whatever their preset and seed. Interrupted at any point, the same call goes on where it stopped;
    done already, it does nothing. Started by `accelerate launch` or torchrun, all processes train. Raises `InputError`
    for an archive without validation patients, findings or readable images, for an unknown preset, and where `out`
    holds another run; `ModelError` where the loss is no longer finite; `DependencyError` without torch.
    """
    options = options or TrainOptions()
    preset = read_preset(options.preset, size=options.size)
    _require_training()
    from casekin.training.backbones import learning_backbones
    from casekin.training.cases import read_archive
    from casekin.training.dual_training import DualTraining
    from casekin.training.export import export_encoder, export_model
    from casekin.training.loop import LoopSettings, fit, is_main_process, main_process_first
    from casekin.training.prepare import prepare_training
    from casekin.training.record import describe_fit, installed_versions, write_record

    manifest = archive / "manifest.jsonl"
    if not manifest.is_file():
        raise InputError(f"archive: expected a folder with manifest.jsonl, got {archive.name!r}; see casekin world")
    with main_process_first():
        out.mkdir(parents=True, exist_ok=True)
        mined = _mined(manifest, archive / "mined", told)
        data = read_archive(manifest, mined / "facts.jsonl", patients=options.patients)
        backbone = options.encoder if options.encoder in learning_backbones() else None
        base = "default" if backbone else options.encoder
        encoder = _load_base(base, learning_backbones())
        stamp = _stamp(options, preset, data.digests, encoder.version)
        finished = _read_finished(out / "run.json", stamp)
        if finished is not None:
            return TrainResult(out=out, record=finished)
        judgements = _read_questions(mined / "qrels" / "validation.qrels")
        prepared = prepare_training(
            data,
            out.parent / "cache" if cache is None else cache,
            encoder,
            preset,
            make_scorer=lambda case_ids: make_scorer(judgements, case_ids),
            seed=options.seed,
            backbone=backbone,
            told=told,
        )
    training: DualTraining = prepared.training
    settings = LoopSettings(
        **{name: preset.numbers[name] for name in ("learning_rate", "weight_decay", "warmup", "average")},
        epochs=options.epochs or preset.count("epochs"),
        patience=preset.count("patience"),
        minutes=preset.numbers["minutes"] if options.minutes is None else options.minutes,
        precision=options.precision,
        seed=options.seed,
    )
    fitted = fit(training, settings, out / "states", stamp=stamp, told=told)
    as_presence = training.fit_presence()
    record = {
        "stamp": stamp,
        "command": _command(options),
        "preset": asdict(preset),
        "options": _without_folders(options),
        "encoder": encoder.version,
        "versions": installed_versions(),
        "data": dict(data.digests),
        "left_out": dict(data.left_out),
        "images": prepared.images,
        "findings": list(training.findings),
        "ledger": {"file": "ledger.json", "ids": data.ledger.as_record()["counts"]},
        "baseline": {encoder.version: prepared.baseline},
        **describe_fit(fitted),
        "with_presence": as_presence,
    }
    if is_main_process():
        data.ledger.write(out / "ledger.json")
        card = export_model(training, out, encoder=encoder.version, notes=_notes(preset, backbone, data.digests))
        export_encoder(out, card, base=base)
        write_record(out / "run.json", record)
        (out / "states" / "last.pt").unlink(missing_ok=True)
    return TrainResult(out=out, record=record)


def make_scorer(judgements: Judgements, case_ids: Sequence[str]) -> Scorer:
    """A scorer of region vectors `(N, 29, D)` of these cases: mean nDCG@10 of rankings by inner product at a place.

    Questions are those of the judgements at one of the 29 locations, whose case is among these; of many an even choice.
    InputError when there is none.
    """
    numbers = {case_id: number for number, case_id in enumerate(case_ids)}
    places = {place: number for number, place in enumerate(LOCATIONS)}
    asked = [(query, *split_query_id(query)) for query in sorted(judgements.listed)]
    known = [
        (query, numbers[case_id], places[place])
        for query, case_id, place in asked
        if case_id in numbers and place is not None and place in places
    ]
    known = sorted(sorted(known, key=lambda one: hashlib.sha256(one[0].encode()).digest())[:_QUESTIONS])
    if not known:
        raise _no_questions()
    measure = parse_measure(_MEASURE)

    def rows(vectors: NDArray[np.float32]) -> Iterator[tuple[str, str, float]]:
        for query, number, place in known:
            scores = vectors[:, place] @ vectors[number, place]
            yield from zip([query] * len(case_ids), case_ids, scores.tolist(), strict=True)

    def score(vectors: NDArray[np.float32]) -> Mapping[str, float]:
        run = Run.build("validation", rows(vectors))
        asking = judgements.with_pairs(_pairs(judgements, [query for query, _, _ in known]))
        return {_MEASURE: float(measure.value_per_query(judge_run(run, asking)).mean())}

    return score


def _read_questions(qrels: Path) -> Judgements:
    if not qrels.is_file() or not qrels.stat().st_size:
        raise _no_questions()
    return read_judgements(qrels)


def _no_questions() -> InputError:
    return InputError(
        "archive: expected validation cases that share a finding at a place and whose reports have no twin in train, "
        "got none; give validation more patients"
    )


def _pairs(judgements: Judgements, queries: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    for query in queries:
        listed = judgements.listed[query]
        for number, grade in zip(listed.numbers.tolist(), listed.grades.tolist(), strict=True):
            yield query, judgements.documents[number], grade


def _require_training() -> None:
    for name in ("torch", "accelerate", "onnx"):
        try:
            importlib.import_module(name)
        except ImportError:
            raise DependencyError(f"training needs {name}; pip install 'casekin[train]'") from None


def _load_base(name: str, backbones: Sequence[str]) -> ImageEncoder:
    """The encoder over whose maps is trained; InputError where there is none of the name, or it is an adapted one."""
    try:
        adapted = "backbone" in find_card(name)[1]
        encoder = load_encoder(name)
    except ModelError as error:
        raise InputError(
            f"encoder: expected default, {', '.join(backbones)}, or the path of an encoder's card, got "
            f"{Path(name).name[:40]!r}: {error}"
        ) from error
    if adapted:
        raise InputError(
            f"encoder: expected one with the shipped network's maps, which decoders are trained over, got the adapted "
            f"{encoder.version}; train over default, or over {' or '.join(backbones)}"
        )
    return encoder


def _mined(manifest: Path, mined: Path, told: Told | None) -> Path:
    """The folder of mined facts, finished; made from the manifest alone where it isn't there."""
    if not (mined / "mine.json").is_file():
        mine_reports(manifest, out=mined, progress=None if told is None else lambda done, n: told(done, n, "mine"))
    return mined


def _read_finished(path: Path, stamp: str) -> dict[str, Any] | None:
    """The record of a run that was finished with the same stamp. InputError when it is of another one."""
    if not path.is_file():
        return None
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        same = record["stamp"] == stamp
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise InputError(
            f"out: {path.parent.name} holds a run with other settings, data or versions; name another --out"
        )
    return record


def _stamp(options: TrainOptions, preset: Preset, digests: Mapping[str, str], encoder: str) -> str:
    """One name for all that the results depend on, but for the cap on time."""
    told = {**asdict(options), "minutes": None}
    text = json.dumps([told, asdict(preset), dict(digests), encoder], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _command(options: TrainOptions) -> str:
    told = [f"--{name} {value}" for name, value in _without_folders(options).items() if value is not None]
    return " ".join(["casekin train", *told])


def _without_folders(options: TrainOptions) -> dict[str, Any]:
    """The options but for folders, whose names are the site's."""
    return {**asdict(options), "encoder": Path(options.encoder).name}


def _notes(preset: Preset, backbone: str | None, digests: Mapping[str, str]) -> dict[str, Any]:
    trained_on = [{"use": "fit", "data": dict(digests)}]
    return {"preset": preset.name, "size": preset.size, "backbone": backbone, "trained_on": trained_on}
