"""What an answer's page says, worked out once: the verdict in words, a card for each hit, what to jump to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from casekin.retrieval.sheet.parts import Card, Seen
from casekin.retrieval.sheet.view import view_of
from casekin.retrieval.sheet.words import place_words, question_words
from casekin.web.figures import Figure, Film, box_of, crop_figure, whole_figure
from casekin.web.sources import Source, case_picture

_VERDICTS = {
    "answered": "These cases compare",
    "low_confidence": "Low confidence",
    "out_of_distribution": "Unlike anything in this archive",
    "no_comparable_case": "No comparable case",
}
_CHECKS = {
    "modality": "modality",
    "body_part": "body part",
    "view": "view",
    "photometric": "grey values",
    "rotation": "rotation",
    "mirror": "side",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFigures:
    """The question's region beside the hit's, and what the model reads in both."""

    query: Figure | None
    hit: Figure | None
    note: str = ""
    seen: tuple[tuple[str, tuple[Seen, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitCard:
    """A hit as its card shows it: the evidence sheet's words, figures, and where it leads.

    `number` says which of its case's images it is about, `box` where in it, as `x0,y0,x1,y1` or empty.
    """

    words: Card
    number: int
    box: str
    address: str
    figures: tuple[PairFigures, ...]
    whole: Figure | None
    compare: str | None = None
    liked: bool = False
    disliked: bool = False
    vote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer without what is loaded after it."""

    headline: str
    verdict: str
    tone: str
    reason: str
    checks: tuple[str, ...]
    question: tuple[tuple[str, str], ...]
    cards: tuple[HitCard, ...]
    source: Source | None
    recipe: str
    index_version: str
    model_version: str | None
    took: str
    has_exams: bool = False
    covered: tuple[str, ...] = ()
    has_before: bool = False

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """Form fields that later requests about this answer carry."""
        covered = tuple(("covered", place) for place in self.covered)
        listed = tuple(("listed", f"{card.number} {card.words.case_id}") for card in self.cards)
        return covered + listed + (() if self.source is None else self.source.fields)

    @property
    def jumps(self) -> tuple[tuple[str, str], ...]:
        """Anchors of the parts of the answer."""
        if not self.cards:
            return ()
        exams = (("exams", "This patient’s other exams"),) if self.has_exams else ()
        return (*exams, ("hits", "Cases"), ("more", "Counter-evidence and differential"), ("draft", "Draft report"))


def case_address(case_id: str) -> str:
    """The page of a stored case."""
    return f"/cases/{quote(case_id)}"


def answer_view(
    record: Mapping[str, Any],
    *,
    source: Source | None = None,
    numbers: Mapping[str, int] | None = None,
    votes: Mapping[str, bool] | None = None,
    has_exams: bool = False,
    has_before: bool = False,
) -> AnswerView:
    """The page of a search answer.

    `numbers`: which image of a case its hit is about, where it isn't the first; `votes`: what the reader said of hits;
    `has_exams`: whether the question's patient has others here; `has_before`: whether there is a search to go back to.
    """
    sheet = view_of(record, pictures={}, query_picture=None)
    cards = hit_cards(record, source=source, numbers=numbers or {}, votes=votes or {})
    question = tuple((label, words) for label, words in question_words(record["query"]) if label != "Image")
    return AnswerView(
        headline=_headline(len(cards), _asked_at(record["query"], sheet.region), record["verdict"]),
        verdict="Not calibrated" if record["verdict_reason"] == "uncalibrated" else _VERDICTS[record["verdict"]],
        tone=sheet.tone if record["verdict_reason"] != "uncalibrated" else "plain",
        reason=_reason(record),
        checks=tuple(_check_words(check) for check in record["checks"] if check["mismatch"]),
        question=question + tuple(_steered(record["query"])),
        cards=cards,
        source=source,
        recipe=json.dumps(record["recipe"], separators=(",", ":")),
        index_version=record["index_version"],
        model_version=record["model_version"],
        took=f"{record['took_ms'] / 1000:.2f} s",
        has_exams=has_exams,
        covered=_covered(record["query"]),
        has_before=has_before,
    )


def hit_cards(
    record: Mapping[str, Any],
    *,
    source: Source | None = None,
    numbers: Mapping[str, int],
    votes: Mapping[str, bool] | None = None,
) -> tuple[HitCard, ...]:
    """Cards of a record's hits, which may be evidence cards with pairs and maps."""
    query = record["query"]
    cards = view_of(record, pictures={}, query_picture=None).cards
    asked_box = query.get("box") or _main_box(query)
    made = []
    for hit, words in zip(record["hits"], cards, strict=True):
        number = numbers.get(hit["case_id"], 0)
        film = hit_film(hit, number)
        made.append(
            HitCard(
                words=words,
                number=number,
                box=_corners((hit.get("region") or {}).get("box")),
                address=case_address(hit["case_id"]),
                figures=_pairs(hit, words, source, film, asked_box),
                whole=None if film is None else _whole(hit, film),
                compare=None if source is None else _compare(hit, source, number, asked_box),
                liked=hit["case_id"] in query["like"],
                disliked=hit["case_id"] in query["unlike"],
                vote={True: "yes", False: "no", None: ""}[(votes or {}).get(hit["case_id"])],
            )
        )
    return tuple(made)


def hit_film(hit: Mapping[str, Any], number: int) -> Film | None:
    """The picture of a hit's image."""
    size = hit.get("image")
    if not size:
        return None
    return Film(address=case_picture(hit["case_id"], number), width=size["width"], height=size["height"])


def _pairs(
    hit: Mapping[str, Any], words: Card, source: Source | None, film: Film | None, asked_box: Sequence[float] | None
) -> tuple[PairFigures, ...]:
    if "pairs" in hit:
        return tuple(
            PairFigures(
                query=None if source is None else _side(source.film, record, "query", "Question"),
                hit=None if film is None else _side(film, record, "hit", "This case"),
                note=shown.note if shown.seen or not shown.note else f"No map: {shown.note}",
                seen=shown.seen,
            )
            for record, shown in zip(hit["pairs"], words.pairs, strict=True)
        )
    region = hit.get("region")
    found = None if region is None else box_of(region["box"])
    if film is None or found is None or region is None:
        return ()
    place = place_words(region)
    mine = box_of(asked_box)
    query = None
    if source is not None and mine is not None:
        query = crop_figure(source.film, mine, alt=f"Question, {place}", caption=f"Question · {place}")
    this = crop_figure(film, found, alt=f"Case {hit['case_id']}, {place}", caption=f"This case · {place}")
    return (PairFigures(query=query, hit=this),)


def _side(film: Film, pair: Mapping[str, Any], side: str, name: str) -> Figure | None:
    region = pair[f"{side}_region"]
    box = box_of(region["box"])
    if box is None:
        return None
    place = place_words(region)
    heat = None if pair["map"] is None else pair["map"][side]
    return crop_figure(film, box, alt=f"{name}, {place}", caption=f"{name} · {place}", heat=heat)


def _whole(hit: Mapping[str, Any], film: Film) -> Figure:
    region = hit.get("region")
    box = None if region is None else box_of(region["box"])
    return whole_figure(film, box, alt=f"Case {hit['case_id']}, whole image", caption="Whole image")


def _compare(hit: Mapping[str, Any], source: Source, number: int, asked_box: Sequence[float] | None) -> str:
    """Where the question's image and the hit's stand side by side, their regions outlined."""
    boxes = {"box": _corners(asked_box), "hit_box": _corners((hit.get("region") or {}).get("box"))}
    given = [(name, box) for name, box in boxes.items() if box]
    return "/compare?" + urlencode([*source.fields, ("hit", hit["case_id"]), ("number", number), *given])


def _corners(box: Sequence[float] | None) -> str:
    return ",".join(f"{value:.0f}" for value in box) if box else ""


def _main_box(query: Mapping[str, Any]) -> Sequence[float] | None:
    regions = query.get("resolved_regions") or ()
    main = max(regions, key=lambda region: float(region.get("weight") or 0.0), default=None)
    return None if main is None else main.get("box")


def _asked_at(query: Mapping[str, Any], region: str) -> str:
    """The places as they were asked for, else where the question looks."""
    return " and ".join(str(place).replace("_", " ") for place in query["at"]) or region


def _covered(query: Mapping[str, Any]) -> tuple[str, ...]:
    """The places that a drawn region covers, by which it goes on where examples steer the question."""
    regions = query["resolved_regions"]
    return tuple(dict.fromkeys(place_words(one) for one in regions if one["source"] in ("box", "mask")))


def _headline(count: int, region: str, verdict: str) -> str:
    """What is listed; cases that the verdict calls incomparable are near at most, and not alike."""
    if not count:
        return "No case found"
    cases = f"{count} case{'s' if count > 1 else ''}"
    is_near = verdict in ("no_comparable_case", "out_of_distribution")
    return (f"Nearest {cases}" if is_near else f"{cases} alike") + (f" at the {region}" if region else "")


def _reason(record: Mapping[str, Any]) -> str:
    reason = str(record["verdict_reason"])
    if reason == "uncalibrated":
        return "How far this list can be trusted isn’t known."
    return reason.replace("_", " ")


def _check_words(check: Mapping[str, Any]) -> str:
    name = _CHECKS.get(check["name"], check["name"].replace("_", " "))
    header = check["header"] or "nothing"
    return f"{name}: the header says {header}, the pixels look like {check['pixels']}."


def _steered(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("With", "with", ", ".join),
        ("Without", "without", ", ".join),
        ("More like", "like", ", ".join),
        ("Less like", "unlike", ", ".join),
    )
    return [(label, words(query[key])) for label, key, words in labels if query.get(key)]
