"""The comparison of presets in words: a table for the terminal, Markdown for the documentation, and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from casekin.evaluation.cards.plots import Axis, axis_over

Record = Mapping[str, Any]
_COLUMNS = (
    ("at places", "nDCG@10"), ("at places", "P@1"), ("at places", "P@5"), ("at places", "P@10"),
    ("at places", "GradedR@10"), ("at places", "SideError@5"), ("at places", "Contradiction@5"),
    ("at places", "ConditionSensitivity@10"), ("normal", "nDCG@10"), ("whole case", "nDCG@10"),
    ("image→report", "nDCG@10"), ("report→image", "nDCG@10"),
    ("image→report, own", "R@10"), ("report→image, own", "R@10"),
)  # fmt: skip
_TITLES = {
    "at places": "Image to image at a place, where there is a finding",
    "whole case": "Image to image as wholes",
    "protocol": "Places and wholes together, as `casekin evaluate` asks",
    "normal": "Image to image at a place that is normal",
    "image→report": "Image to report, graded",
    "report→image": "Report to image, graded",
    "image→report, own": "Image to its own report",
    "report→image, own": "Report to its own image",
    **{f"pointing by {way}": f"The same place pointed at by {way}" for way in ("names", "box", "mask", "phrase")},
}
_WIDTH, _ROW, _LEFT, _TOP = 720, 26, 190, 34


def headline(record: Record) -> str:
    """The main figures, a row for each ranking, chance last, then the subject's lead at places."""
    tasks = [(task, measure) for task, measure in _COLUMNS if _somewhere(record, task)]
    head = ["", *(f"{_short(task)} {measure}" for task, measure in tasks)]
    rows = [[name, *(_cell(model, task, measure) for task, measure in tasks)] for name, model in _models(record)]
    rows.append(["chance", *(_chance(record, task, measure) for task, measure in tasks)])
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    subject = record["models"][record["subject"]]
    lines += _pointing(subject)
    for name, found in record["differences"].get("at places", {}).items():
        where = f"; {_anatomies(record['anatomies'][name])}" if name in record["anatomies"] else ""
        lines.append(
            f"{record['subject']} minus {name}: {_signed(found['nDCG@10'])}, p {_p(found['nDCG@10']['p_holm'])}{where}"
        )
    return "\n".join(line.rstrip() for line in lines)


def page(record: Record, *, picture: str, notes: Sequence[str] = ()) -> str:
    """The page: what was found, what to keep in mind, the picture, every task, differences, anatomies and findings."""
    subject = record["subject"]
    parts = [
        f"# Presets compared: {subject} and its peers",
        _account(record),
        *notes,
        f"![nDCG@10 at places, by ranking]({picture})",
        f"{record['queries']:,} questions at findings and {record['normal_queries']:,} at normal places, gallery of "
        f"{record['gallery']:,} cases of a simulated archive that trained no model: no figure for a clinic. Intervals "
        "hold 95 % and are drawn by patient; seeds are averaged question by question first. Chance is what a random "
        "order of the same cases gets; `global only` is a preset's own global vector, asked without the place.",
        "## Budgets\n\n" + _budget_table(record),
    ]
    parts += [f"## {_TITLES.get(task, task)}\n\n{_task_table(record, task)}" for task in _tasks(record)]
    parts.append(f"## {subject} against each other\n\n{_difference_table(record)}")
    parts.append(f"## By anatomy\n\nnDCG@10.\n\n{_place_table(record)}")
    parts.append(f"## By finding\n\nnDCG@10 at places that show it.\n\n{_finding_table(record)}")
    return "\n\n".join(parts) + "\n"


def picture(record: Record, *, task: str = "at places", measure: str = "nDCG@10") -> str:
    """An SVG of one measure: a dot and interval for each ranking, its seeds as ticks, chance as a dashed line."""
    rows = [
        (name, model["tasks"][task]["measures"][measure]) for name, model in _models(record) if task in model["tasks"]
    ]
    rows.sort(key=lambda row: -row[1]["mean"])
    axis = axis_over([value for _, row in rows for value in (row["lo"], row["hi"], row["mean"], row["chance"])])
    height = _TOP + _ROW * len(rows) + 40
    marks = [
        _strip(axis, name, row, _TOP + _ROW * number, name == record["subject"])
        for number, (name, row) in enumerate(rows)
    ]
    chance, bottom = _x(axis, rows[0][1]["chance"]), _TOP + _ROW * len(rows)
    ticks = "".join(
        f'<text class="soft" x="{_LEFT + (_WIDTH - _LEFT - 20) * at / 100:.1f}" y="{bottom + 18}" '
        f'text-anchor="middle">{escape(label)}</text>'
        for at, label in axis.ticks
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13"><title>{escape(measure)}, {escape(task)}</title>'
        "<style>.ink{fill:#1a2027}.soft{fill:#55606d}.line{stroke:#55606d;stroke-width:2}.dot{fill:#55606d}"
        ".subject.dot{fill:#0b6470}.subject.line{stroke:#0b6470}.chance{stroke:#aab4bf;stroke-dasharray:4 3}</style>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text class="ink" x="10" y="20" font-weight="600">{escape(measure)}, {escape(task)}</text>'
        f'<line class="chance" x1="{chance:.1f}" x2="{chance:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        f'<text class="soft" x="{chance:.1f}" y="{bottom + 34}" text-anchor="middle">chance</text>'
        f"{''.join(marks)}{ticks}</svg>\n"
    )


def _strip(axis: Axis, name: str, row: Record, top: float, is_subject: bool) -> str:
    kind, y = ("subject " if is_subject else ""), top + _ROW / 2
    seeds = "".join(
        f'<line class="{kind}line" x1="{_x(axis, value):.1f}" x2="{_x(axis, value):.1f}" y1="{y - 6}" y2="{y + 6}" '
        'opacity="0.5"/>'
        for value in (row["by_seed"] if len(row["by_seed"]) > 1 else ())
    )
    lo, hi = (_x(axis, row["mean"] if row[end] is None else row[end]) for end in ("lo", "hi"))
    whisker = f'<line class="{kind}line" x1="{lo:.1f}" x2="{hi:.1f}" y1="{y}" y2="{y}"/>'
    return (
        f'<text class="ink" x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>{whisker}{seeds}'
        f'<circle class="{kind}dot" cx="{_x(axis, row["mean"]):.1f}" cy="{y}" r="4.5"/>'
    )


def _x(axis: Axis, value: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - 20) * axis.at(value) / 100


def _models(record: Record) -> list[tuple[str, Any]]:
    return list(record["models"].items())


def _tasks(record: Record) -> list[str]:
    return list(dict.fromkeys(task for _, model in _models(record) for task in model["tasks"]))


def _somewhere(record: Record, task: str) -> bool:
    return any(task in model["tasks"] for _, model in _models(record))


def _account(record: Record) -> str:
    """What was found: the subject, its lead over the best of its peers, and over each of its variants."""
    subject, found = record["subject"], record["differences"].get("at places", {})
    trained = [name for name, model in _models(record) if model["card"].get("budget") and name in found]
    peers = {name: found[name]["nDCG@10"] for name in trained if name not in record["variants"]}
    value = record["models"][subject]["tasks"]["at places"]["measures"]["nDCG@10"]
    told = f"{subject} reaches nDCG@10 {_interval(value)} at places (chance {_figure(value['chance'])})."
    if not peers:
        return told
    best = min(peers, key=lambda name: float(peers[name]["mean"]))
    gap = _signed(peers[best])
    variants = [
        f"{_signed(found[name]['nDCG@10'])} against its variant {name} (p {_p(found[name]['nDCG@10']['p_holm'])})"
        for name in record["variants"]
        if name in found
    ]
    return (
        f"{told} That is {gap} against the best peer, {best} (p {_p(peers[best]['p_holm'])}); "
        f"{_anatomies(record['anatomies'][best])}.{''.join(f' It is {one}.' for one in variants)}"
    )


def _budget_table(record: Record) -> str:
    rows = []
    for name, model in _models(record):
        card = model["card"]
        if card:
            budget = ", ".join(
                f"{key.replace('_', ' ')} {value}" for key, value in dict(card.get("budget") or {}).items()
            )
            seeds = ", ".join(map(str, model["seeds"]))
            rows.append([name, seeds, str(card.get("encoder") or ""), budget])
    return _table(["ranking", "seeds", "encoder", "budget"], rows)


def _task_table(record: Record, task: str) -> str:
    found = {name: model["tasks"][task] for name, model in _models(record) if task in model["tasks"]}
    first = next(iter(found.values()))
    names = list(first["measures"])
    rows = [[name, *(_interval(row["measures"][measure]) for measure in names)] for name, row in found.items()]
    rows.append(["chance", *(_figure(first["measures"][measure]["chance"]) for measure in names)])
    prevalence = "" if first["prevalence"] is None else f", {first['prevalence']:.1%} of it relevant"
    told = f"{first['n']:,} queries of {first['patients']} patients, gallery {first['gallery']:g}{prevalence}."
    return f"{told}\n\n{_table(['ranking', *names], rows)}"


def _difference_table(record: Record) -> str:
    rows = [
        [task, name, _signed(found["nDCG@10"]), _p(found["nDCG@10"]["p_holm"]), str(found["nDCG@10"]["n"])]
        for task, others in record["differences"].items()
        for name, found in others.items()
        if "nDCG@10" in found
    ]
    return _table(["task", "other", "nDCG@10, subject minus it", "p (Holm)", "queries"], rows)


def _place_table(record: Record) -> str:
    others = record["anatomies"]
    names = list(dict.fromkeys(place for found in others.values() for place in found["places"]))
    rows = [
        [
            place.replace("_", " "),
            str(next(iter(others.values()))["places"][place]["n"]),
            _figure(next(iter(others.values()))["places"][place]["subject"]),
            *(f"{_signed(found['places'][place])}{_star(found['places'][place])}" for found in others.values()),
        ]
        for place in names
    ]
    told = [f"- minus {name}: {_anatomies(found)}" for name, found in others.items()]
    table = _table(["place", "queries", record["subject"], *(f"minus {name}" for name in others)], rows)
    return "\n".join([*told, "", table, "", "\\* p by Holm over the anatomies below 0.05."])


def _finding_table(record: Record) -> str:
    found = {name: model["findings"] for name, model in _models(record)}
    names = list(dict.fromkeys(finding for rows in found.values() for finding in rows))
    rows = [
        [
            finding.replace("_", " "),
            str(next(int(rows[finding]["n"]) for rows in found.values())),
            *(_figure(rows[finding]["nDCG@10"]) for rows in found.values()),
        ]
        for finding in names
    ]
    return _table(["finding", "queries", *found], rows)


def _pointing(model: Record) -> list[str]:
    return [
        f"{task}: top ten in common {_interval(row['measures']['Overlap@10'])}"
        for task, row in model["tasks"].items()
        if task.startswith("pointing")
    ]


def _anatomies(found: Record) -> str:
    told = []
    for count in (100, 30):
        share = found[f"better_of_{count}"]
        told.append(
            f"better at {share['better']} of {share['anatomies']} anatomies with {count} queries "
            f"({share['significantly']} significantly)"
        )
    return ", ".join(told)


def _short(task: str) -> str:
    return task.replace("at places", "place").replace(" case", "")


def _cell(model: Record, task: str, measure: str) -> str:
    found = model["tasks"].get(task)
    return "" if found is None else _figure(found["measures"][measure]["mean"])


def _chance(record: Record, task: str, measure: str) -> str:
    rows = (model["tasks"][task] for _, model in _models(record) if task in model["tasks"])
    return _figure(next(rows)["measures"][measure]["chance"])


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _interval(row: Record) -> str:
    return _figure(row["mean"]) if row["lo"] is None else f"{row['mean']:.3f} ({row['lo']:.3f} to {row['hi']:.3f})"


def _signed(row: Record) -> str:
    if row["mean"] is None:
        return "n/a"
    ends = "" if row["lo"] is None else f" ({row['lo']:+.3f} to {row['hi']:+.3f})"
    return f"{row['mean']:+.3f}{ends}".replace("-", "−")


def _p(value: float | None) -> str:
    return "n/a" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _star(row: Record) -> str:
    return "\\*" if row["p_holm"] is not None and row["p_holm"] < 0.05 else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
