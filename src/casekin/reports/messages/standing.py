"""Which text stands when several versions of a report have arrived, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from casekin.reports.messages.arrived import Status

_RANK: dict[Status, int] = {"preliminary": 0, "final": 1, "corrected": 2, "addendum": 3, "cancelled": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One statement: `report` names the report that it is a version of, `stated_at` orders (None: as it came)."""

    report: str
    status: Status
    text: str
    stated_at: str | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`text` is what stands; None where nothing does: it was `cancelled`, or only addenda came (`addenda`)."""

    text: str | None
    state: Literal["stands", "cancelled", "addenda"]
    addenda: tuple[str, ...] = ()


def standing_of(versions: Sequence[Version]) -> Standing:
    """What stands of all versions, given in the order they arrived.

    Of one report the latest whole version stands, a preliminary one only until a final comes, whenever that was said.
    Several reports of one study follow each other; an addendum follows them unless they hold its words.
    """
    ordered = _in_order(versions)
    stands: list[Version] = []
    cancelled = False
    for report in dict.fromkeys(version.report for version in ordered):
        wholes = [one for one in ordered if one.report == report and one.status != "addendum"]
        last = max((place for place, one in enumerate(wholes) if one.status == "cancelled"), default=-1)
        cancelled |= last >= 0
        rest = wholes[last + 1 :]
        signed = [one for one in rest if one.status != "preliminary"]
        stands += (signed or rest)[-1:]
    replaced = {name for one in stands for name in one.replaces if name != one.report}
    stands = [one for one in stands if one.report not in replaced]
    if any(one.status != "preliminary" for one in stands):
        stands = [one for one in stands if one.status != "preliminary"]
    stands = [one for one in ordered if one in stands]
    addenda = tuple(one.text for one in ordered if one.status == "addendum")
    if not stands:
        return Standing(text=None, state="addenda" if addenda and not cancelled else "cancelled", addenda=addenda)
    body = ""
    for one in stands:
        body = one.text if _holds(one.text, body) else append(body, one.text)
    return Standing(text=add_addenda(body, addenda), state="stands", addenda=addenda)


def add_addenda(body: str, addenda: Sequence[str]) -> str:
    """A report followed by the addenda that it doesn't hold yet."""
    for text in addenda:
        body = append(body, text if text.lstrip().upper().startswith("ADDENDUM") else f"ADDENDUM: {text}", sought=text)
    return body


def append(body: str, text: str, *, sought: str | None = None) -> str:
    """Both texts, or the first where it holds the second."""
    return body if _holds(body, sought or text) else f"{body}\n\n{text}".strip()


def _in_order(versions: Sequence[Version]) -> list[Version]:
    """By when they were stated; one without a time counts as stated with the latest that came before it."""
    latest = ""
    timed = []
    for number, version in enumerate(versions):
        timed.append((version.stated_at or latest, _RANK[version.status], number, version))
        latest = max(latest, version.stated_at or "")
    return [version for *_, version in sorted(timed, key=lambda one: one[:3])]


def _holds(text: str, part: str) -> bool:
    return "".join(part.lower().split()) in "".join(text.lower().split())
