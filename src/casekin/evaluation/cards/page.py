"""The evaluation page: one HTML file without network or script, from the record and the films of a few cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.cards.breakdowns import place_tables, slice_tables, strata_tables, task_table
from casekin.evaluation.cards.charts import area_words, curve_charts, place_map, risk_chart
from casekin.evaluation.cards.numbers import count, count_words, fixed, percent, place_words
from casekin.evaluation.cards.pictures import Film, embed_picture
from casekin.evaluation.cards.plots import HEIGHT, WIDTH
from casekin.evaluation.cards.tables import (
    beside_table,
    comparison_tables,
    gate_table,
    lead_table,
    leak_tables,
    measure_table,
    pointing_table,
)
from casekin.evaluation.cards.words import Record, headline, labels_words, standing, verdicts
from casekin.evaluation.protocols import load_protocol
from casekin.look import page_environment

_SHOWN_HITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """A case beside a query: its words and, where there is one, its film."""

    case_id: str
    grade: str
    film: Film | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuery:
    """A query that went badly, and what it was shown first."""

    query: ShownCase
    place: str
    value: str
    measure: str
    relevant: int
    hits: tuple[ShownCase, ...]


def write_page(record: Record, path: Path, *, pictures: Mapping[str, bytes] | None = None) -> None:
    """Write the page of an evaluation record (`Evaluation.as_record`).

    `pictures`: image files (PNG, JPEG) by `case_id`, for the worst queries; those that can't be read are left out. They
    show patients, so a page with pictures is patient data.
    """
    view = page_view(record) | {"worst": shown_queries(record, pictures or {})}
    text = page_environment(__package__).get_template("evaluation.html.j2").render(view)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def page_view(record: Record) -> dict[str, Any]:
    """Everything that page and text show, but for the worst queries."""
    return {
        "record": record,
        "headline": headline(record),
        "standing": standing(record),
        "verdicts": verdicts(record),
        "tiles": _tiles(record),
        "lead": lead_table(record),
        "missing": _missing_baselines(record),
        "gates": gate_table(record),
        "measures": measure_table(record),
        "beside": beside_table(record),
        "tasks": task_table(record),
        "places": place_tables(record),
        "curves": curve_charts(record),
        "risk": risk_chart(record),
        "area": area_words(record) if record["risk_coverage"] else "",
        "map": place_map(record),
        "strata": strata_tables(record),
        "slices": slice_tables(record),
        "comparison": comparison_tables(record),
        "pointing": pointing_table(record),
        "leaks": leak_tables(record),
        "left_out": {
            "left out by the protocol": count_words(record["dropped"]),
            "taken out of the run before scoring": count_words(record["removed"]),
        },
        "protocol": _protocol(record),
        "origins": _origins(record),
        "chart_size": (WIDTH, HEIGHT),
    }


def shown_queries(record: Record, pictures: Mapping[str, bytes]) -> tuple[ShownQuery, ...]:
    """The worst queries, in the record's order."""
    return tuple(
        ShownQuery(
            query=_shown_case(told["query_id"].partition("@")[0], "", pictures),
            place=place_words(told["place"]),
            value=fixed(told["value"]),
            measure=told["measure"],
            relevant=told["relevant"],
            hits=tuple(
                _shown_case(hit["case_id"], _grade(hit["grade"]), pictures) for hit in told["first"][:_SHOWN_HITS]
            ),
        )
        for told in record["worst"]
    )


def _shown_case(case_id: str, grade: str, pictures: Mapping[str, bytes]) -> ShownCase:
    film = embed_picture(pictures[case_id]) if case_id in pictures else None
    return ShownCase(case_id=case_id, grade=grade, film=film)


def _grade(grade: float | None) -> str:
    return "not judged" if grade is None else f"grade {grade:g}"


def _tiles(record: Record) -> list[tuple[str, str]]:
    """Figure and words of what any number here has to be read beside."""
    spread = f"{count(record['gallery_least'])} to {count(record['gallery_most'])}"
    even = record["gallery_least"] == record["gallery_most"]
    return [
        (count(record["n_queries"]), "queries"),
        (count(record["patients"]), "patients who ask"),
        (count(record["gallery"]), "cases a query can find" if even else f"cases a query can find, median ({spread})"),
        (percent(record["chance"]), "of them relevant: what a random pick hits"),
    ]


def _missing_baselines(record: Record) -> list[tuple[str, str]]:
    """Baselines that couldn't be had, and why; those of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for name, why in record["baselines_missing"].items():
        by_reason.setdefault(why, []).append(name)
    return [(", ".join(names), why) for why, names in by_reason.items()]


def _protocol(record: Record) -> dict[str, str]:
    """The protocol's own words, when it is the one that this version ships; else nothing."""
    try:
        protocol = load_protocol(record["protocol"])
    except InputError:
        return {}
    if protocol.sha256 != record["protocol_sha256"]:
        return {}
    kept_out = [name.replace("_", " ") for name, out in protocol.exclusions.items() if out]
    told = {
        "queries": protocol.queries,
        "gallery": protocol.gallery,
        "relevant": protocol.relevance,
        "kept out of a gallery": ", ".join(kept_out) or "nothing",
        "source": protocol.source,
        "not known of it": "; ".join(protocol.unknown),
    }
    told |= labels_words(record)
    return {name: text for name, text in told.items() if text}


def _origins(record: Record) -> list[tuple[str, str]]:
    """Name and value of whatever is needed to get the same figures again; what isn't known is left out."""
    told = {
        "protocol": f"{record['protocol']} {record['protocol_version']}",
        "protocol SHA-256": record["protocol_sha256"],
        "task": record["task"],
        "run": record["run"],
        **{f"labels: {name.replace('_', ' ')}": value for name, value in record["labels"].items()},
        "program": record["program"],
        "images": record["kind"],
        "model": record["model_version"],
        "index": record["index_version"],
        "command": record["command"],
        "seed": record["seed"],
        "resamples": record["resamples"],
        "ranks scored": record["depth"],
    }
    return [(name, str(value)) for name, value in told.items() if value is not None]
