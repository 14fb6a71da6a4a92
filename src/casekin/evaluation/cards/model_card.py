"""A model's card in Markdown: what it is for, what it was trained on, how it was measured, and where it ends.

Sections follow Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019); the block at the top is that of model
cards on the Hugging Face hub, with the figures as `model-index`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casekin.evaluation.cards.numbers import UNKNOWN, count, figure_with_interval, fixed
from casekin.evaluation.cards.words import Record
from casekin.evaluation.slices import SMALLEST_CELL
from casekin.look import page_environment

Card = Mapping[str, Any]
"""What a model's `model.json` says, such as `casekin.models.load_card()` gives."""

_USES = {"fit": "fitted on", "selection": "chosen by"}
_TASK = {"type": "image-feature-extraction", "name": "Retrieval of cases by image and place"}


def render_model_card(card: Card, *, evaluations: Sequence[Record] = ()) -> str:
    """The card of a model, with the records of its evaluations (`Evaluation.as_record`) if there are any.

    `casekin evaluate` writes it as `model_card.md`; that of the shipped model is docs/reference/models.md.
    The same arguments give the same text. Names in them are shown, never obeyed.
    """
    environment = page_environment(__package__, escape=False)
    environment.filters["yaml"] = _yaml
    files, sources = card["files"], card.get("sources", {})
    view = {
        "card": card,
        "tags": ["radiology", "chest-x-ray", "medical-image-retrieval"],
        "task": _TASK,
        "metrics": [_metrics(record) for record in evaluations],
        "parts": [(part, _file(part, file), sources.get(part, {})) for part, file in files.items()],
        "trained_on": _training_rows(card),
        "evaluations": [_evaluation(record) for record in evaluations],
        "limits": card.get("limits", ()),
    }
    text = environment.get_template("model_card.md.j2").render(view)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _file(part: str, file: Mapping[str, Any] | str) -> Mapping[str, Any]:
    """Name and SHA-256; the card of somebody else's model has the hash alone, by the file's name."""
    return {"name": part, "sha256": file} if isinstance(file, str) else file


def _training_rows(card: Card) -> list[tuple[str, str, str]] | None:
    entries = card.get("trained_on")
    if entries is None:
        return None
    return [(entry.get("part", "model"), _USES.get(entry["use"], entry["use"]), entry["data_set"]) for entry in entries]


def _metrics(record: Record) -> dict[str, Any]:
    """One result of `model-index`: what it was measured on, and every mean that is known."""
    scores = {name: score["mean"] for name, score in record["measures"].items() if score["mean"] is not None}
    return {"data_set": _data_set(record), "split": record["task"], "scores": scores}


def _evaluation(record: Record) -> dict[str, Any]:
    """One evaluation's tables: measures beside chance and baselines, and the lead measure by slice."""
    baselines = list(record["baselines"])
    rows = [
        (
            name,
            figure_with_interval(score),
            fixed(score["chance"]),
            *(_mean(record["baselines"][other]["measures"], name) for other in baselines),
            count(score["n"]),
        )
        for name, score in record["measures"].items()
    ]
    return {
        "title": _data_set(record),
        "record": record,
        "heads": ("measure", "value (95 % interval)", "chance", *baselines, "queries"),
        "rows": rows,
        "slices": list(_slices(record)),
        "gallery": count(record["gallery"]),
        "chance": fixed(record["chance"]),
        "leaks": leak_sentence(record["leaks"]),
    }


def _mean(scores: Mapping[str, Any], name: str) -> str:
    return fixed(scores[name]["mean"]) if name in scores else UNKNOWN


def _slices(record: Record) -> Iterator[tuple[str, str, str, str, str]]:
    """Field, value, patients, the lead measure there, and its gap to all others; cells of few people say so."""
    for field, cells in record["slices"].items():
        for cell in cells:
            few = "too few patients to tell"
            measured = few if cell["interval"] is None else figure_with_interval(cell["interval"])
            gap = UNKNOWN if cell["gap"] is None else figure_with_interval(cell["gap"])
            patients = f"< {SMALLEST_CELL}" if cell["small"] else count(cell["patients"])
            yield field, cell["label"], patients, measured, gap


def _data_set(record: Record) -> str:
    labels = record["labels"]
    return str(labels.get("data_set") or f"{record['protocol']} {record['task']}, labels: {labels.get('source')}")


def leak_sentence(leaks: Mapping[str, Any] | None) -> str:
    """What the audit (`LeakAudit.as_record`) found, and what it says of training; nothing where there was none."""
    if leaks is None:
        return ""
    training = leaks["training"]
    where = "between splits or from training" if leaks["splits"] else "from training, and there are no splits,"
    found = f"Leaks found: {count(leaks['count'])}" if leaks["found"] else f"No leak {where} found"
    seen = f"{count(training['seen'])} seen in training, {count(training['not_seen'])} declared not seen"
    return f"{found}. Of the cases tested, {seen}, {count(training['unknown'])} unknown."


def _yaml(value: object) -> str:
    """A value on one line of YAML: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)
