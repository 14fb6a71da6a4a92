"""Presence and side of common findings in real reports against human MeSH codes, beside keyword matching.

Promise: presence micro F1 ≥ 0.93, side right for ≥ 97 % of true positives, region F1 ≥ 0.85, ≤ 2 ms a report on one
core; the side is not kept on the half reported on. Reads `reports/iu_xray_reports.jsonl` under the folder that
CASEKIN_REAL_DATA names. Reports are divided by a hash of their id: one half to tune on (`--half tune`), the other to
report on (default). Intervals: bootstrap over reports, 95 %.

    CASEKIN_REAL_DATA=folder python benchmarks/report_reader.py [--half tune] [--out figures.json] [--errors N]
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from casekin.anatomy import is_part_of
from casekin.findings import is_a
from casekin.reports import SILENT_SECTIONS, read_report, split_sections, split_sentences
from casekin.reports.entities import find_entities
from casekin.types import Place
from labelled_reports import f1_intervals, intervals

# class → (MeSH heads of the human codes, findings of ours)
CLASSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "atelectasis": (("Pulmonary Atelectasis",), ("atelectasis",)),
    "cardiomegaly": (("Cardiomegaly",), ("cardiomegaly",)),
    "pleural_effusion": (("Pleural Effusion",), ("pleural_effusion",)),
    "pneumothorax": (("Pneumothorax", "Hydropneumothorax", "Hemopneumothorax"), ("pneumothorax",)),
    "consolidation": (("Consolidation",), ("consolidation",)),
    "pulmonary_edema": (("Pulmonary Edema",), ("pulmonary_edema",)),
    "emphysema": (("Emphysema", "Pulmonary Emphysema"), ("emphysema",)),
    "hiatal_hernia": (("Hernia, Hiatal",), ("hiatal_hernia",)),
    "granuloma": (
        ("Calcified Granuloma", "Granuloma", "Granulomatous Disease"),
        ("calcified_granuloma", "granulomatous_disease"),
    ),
    "fracture": (("Fractures, Bone",), ("fracture",)),
    "scoliosis": (("Scoliosis",), ("scoliosis",)),
    "nodule": (("Nodule",), ("nodule",)),  # a "nodular opacity" is an Opacity to the coders
    "congestion": (("Pulmonary Congestion",), ("pulmonary_congestion",)),
    "kyphosis": (("Kyphosis",), ("kyphosis",)),
}
# Kinds of a class's finding that the coders give another head.
NOT_OF_CLASS = {
    "nodule": ("mass", "calcified_granuloma", "metastasis", "tree_in_bud"),
    "granuloma": ("calcified_lymph_node", "tuberculosis", "sarcoidosis"),
}
SIDELESS = ("scoliosis", "kyphosis", "cardiomegaly", "hiatal_hernia")  # the spine, heart and mediastinum have no side
SIDES = {"left": {"left"}, "right": {"right"}, "bilateral": {"left", "right"}}
# MeSH site qualifiers → anatomies of ours that are this region or a part of it. Sites that name a whole organ ("lung",
# "pleura", "thorax", "bones") say no region.
REGIONS: dict[str, tuple[str, ...]] = {
    "base": ("lung_base", "lower_lung_zone", "costophrenic_angle"),
    "lower lobe": ("lower_lobe", "lower_lung_zone"),
    "middle lobe": ("middle_lobe", "mid_lung_zone"),
    "upper lobe": ("upper_lobe", "upper_lung_zone"),
    "lingula": ("lingula",),
    "apex": ("apical_zone", "apical_pleura"),
    "hilum": ("hilar_structures", "perihilar_region"),
    "retrocardiac": ("retrocardiac_region",),
    "ribs": ("rib",),
    "clavicle": ("clavicle",),
    "humerus": ("humerus",),
    "shoulder": ("shoulder", "humerus", "scapula"),
    "thoracic vertebrae": ("thoracic_spine",),
    "lumbar vertebrae": ("lumbar_spine",),
    "cervical vertebrae": ("cervical_spine",),
}
Label = dict[str, set[str]]  # class → sides, or regions


def load_all_rows(folder: Path) -> list[dict[str, Any]]:
    """All indexed reports, as JSON rows."""
    lines = (folder / "reports" / "iu_xray_reports.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def load_rows(folder: Path, half: str) -> list[dict[str, Any]]:
    """The reports of one half."""
    rows = load_all_rows(folder)
    wanted = 0 if half == "tune" else 1
    return [r for r in rows if int(hashlib.sha256(r["report_id"].encode()).hexdigest(), 16) % 2 == wanted]


def report_text(row: dict[str, Any]) -> str:
    """Findings and impression under their headings."""
    parts = (("FINDINGS", row["findings"]), ("IMPRESSION", row["impression"]))
    return "\n\n".join(f"{name}: {text}" for name, text in parts if text)


def human_labels(row: dict[str, Any]) -> Label:
    """Classes and sides that the human coders gave."""
    found: Label = {}
    for code in row["mesh_parsed"]:
        for name, (heads, _) in CLASSES.items():
            if code["head"] in heads:
                found.setdefault(name, set()).update(SIDES.get(code["side"] or "", set()))
    return found


def human_regions(row: dict[str, Any]) -> Label:
    """Classes and the regions that the human coders gave, where these are among ours."""
    found: Label = {}
    for code in row["mesh_parsed"]:
        for name, (heads, _) in CLASSES.items():
            if code["head"] in heads:
                found.setdefault(name, set()).update(site for site in code["sites"] if site in REGIONS)
    return found


def reader_regions(text: str) -> Label:
    """Classes that the reader calls present, with the regions that their places lie in."""
    found: Label = {}
    for fact in read_report(text).facts:
        if fact.polarity == "present":
            for name in class_of(fact.finding):
                found.setdefault(name, set()).update(regions_of(fact.anatomy))
    return found


def regions_of(name: str) -> set[str]:
    """The MeSH regions that an anatomy of ours lies in; the innermost ones where they are nested."""
    own = {region for region, anatomies in REGIONS.items() if name in anatomies}
    place = Place(anatomy=name)
    return own or {r for r, whole in REGIONS.items() if any(is_part_of(place, Place(anatomy=w)) for w in whole)}


def region_scores(rows: list[dict[str, Any]], texts: list[str]) -> dict[str, Any]:
    """Micro F1 over regions of the classes that both call present and the coders gave a region.

    Several regions stand for one place of ours ("lower zone" is base or lower lobe): one that the coders gave counts,
    the others are neither right nor wrong.
    """
    counts = []
    for row, text in zip(rows, texts, strict=True):
        gold, ours = human_regions(row), reader_regions(text)
        total = [0, 0, 0]
        for name in gold.keys() & ours.keys():
            if gold[name]:
                both = gold[name] & ours[name]
                near = {o for o in ours[name] - both if any(same_place(o, g) for g in both)}
                extra, missed = len(ours[name] - both - near), len(gold[name] - both)
                total = [total[0] + len(both), total[1] + extra, total[2] + missed]
        counts.append(total)
    table = np.array(counts)
    (f1,) = f1_intervals(table[:, None])
    return {"f1": f1.mean, "f1_interval": [f1.lo, f1.hi], "counts": table.sum(axis=0).tolist()}


def same_place(one: str, other: str) -> bool:
    """Whether one anatomy of ours is told as either region."""
    return bool(set(REGIONS[one]) & set(REGIONS[other]))


def class_of(finding: str) -> list[str]:
    """The classes that a finding of ours counts for."""
    names = (name for name, (_, ours) in CLASSES.items() if any(is_a(finding, o) for o in ours))
    return [name for name in names if not any(is_a(finding, o) for o in NOT_OF_CLASS.get(name, ()))]


def reader_labels(text: str) -> Label:
    """Classes that the reader calls present, with sides."""
    found: Label = {}
    for fact in read_report(text).facts:
        if fact.polarity == "present":
            for name in class_of(fact.finding):
                found.setdefault(name, set()).update(SIDES.get(fact.side or "", set()))
    return found


def keyword_labels(text: str) -> Label:
    """The baseline: a class is present when one of its words stands anywhere; sides are the sentence's."""
    found: Label = {}
    for section in split_sections(text):
        if section.kind in SILENT_SECTIONS:
            continue
        for sentence in split_sentences(text, section):
            entities = find_entities(sentence).entities
            sides = {side for e in entities if (m := e.meaning("side")) for side in SIDES.get(m.value, ())}
            for entity in entities:
                meaning = entity.meaning("finding")
                for name in class_of(meaning.value) if meaning else ():
                    found.setdefault(name, set()).update(sides)
    return found


def counts(gold: Label, ours: Label) -> list[list[int]]:
    """Per class: true positives, false positives, false negatives, sided true positives, those with the right side."""
    rows = []
    for name in CLASSES:
        both = name in gold and name in ours
        sided = both and bool(gold[name]) and name not in SIDELESS
        right = sided and ours[name] == gold[name]
        rows.append([both, name in ours and not both, name in gold and not both, sided, right])
    return [[int(value) for value in row] for row in rows]


def scores(totals: np.ndarray) -> dict[str, float]:
    """Precision, recall, F1, side accuracy of summed counts (five numbers)."""
    tp, fp, fn, sided, right = (float(value) for value in totals)
    return {
        "precision": tp / max(tp + fp, 1),
        "recall": tp / max(tp + fn, 1),
        "f1": 2 * tp / max(2 * tp + fp + fn, 1),
        "side_accuracy": right / max(sided, 1),
        "true_positives": tp,
        "sided_true_positives": sided,
    }


def measure(name: str, labels: Callable[[str], Label], texts: list[str], gold: list[Label]) -> dict[str, Any]:
    """Micro scores with intervals, scores by class, and CPU milliseconds a report (best of three passes)."""
    labels(texts[0])
    best = min(timed(labels, texts) for _ in range(3))
    table = np.array([counts(g, labels(text)) for g, text in zip(gold, texts, strict=True)])
    per_report = table.sum(axis=1)
    micro: dict[str, Any] = scores(per_report.sum(axis=0))
    (f1,), (side,) = f1_intervals(per_report[:, None, :3]), intervals(per_report[:, 4:], per_report[:, 3:4])
    micro |= {"f1_interval": [f1.lo, f1.hi], "side_accuracy_interval": [side.lo, side.hi]}
    by_class = {c: scores(table[:, i].sum(axis=0)) for i, c in enumerate(CLASSES)}
    return {"name": name, "micro": micro, "by_class": by_class, "ms_per_report": 1000 * best / len(texts)}


def timed(labels: Callable[[str], Label], texts: list[str]) -> float:
    """CPU seconds for one pass; the clock on the wall would measure the neighbours too."""
    start = time.process_time()
    for text in texts:
        labels(text)
    return time.process_time() - start


def show_errors(rows: list[dict[str, Any]], limit: int) -> None:
    """Disagreements of the tuning half, for reading."""
    for row in rows:
        text = report_text(row)
        gold, ours = human_labels(row), reader_labels(text)
        wrong = [c for c in CLASSES if (c in gold) != (c in ours)]
        sides = [c for c in CLASSES if gold.get(c) and c in ours and c not in SIDELESS and gold[c] != ours[c]]
        if (wrong or sides) and limit > 0:
            limit -= 1
            print(f"{row['report_id']} wrong={[(c, 'missed' if c in gold else 'extra') for c in wrong]}", end=" ")
            print(f"sides={[(c, sorted(gold[c]), sorted(ours[c])) for c in sides]} {row['mesh_major']}\n   {text}\n")


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="print disagreements (tuning half only)")
    options = parser.parse_args()
    folder = os.environ.get("CASEKIN_REAL_DATA")
    if not folder:
        sys.exit("report_reader: set CASEKIN_REAL_DATA to the folder of real data; nothing was measured")
    rows = load_rows(Path(folder), options.half)
    if options.errors and options.half == "tune":
        show_errors(rows, options.errors)
        return
    texts, gold = [report_text(row) for row in rows], [human_labels(row) for row in rows]
    results = [measure("keyword", keyword_labels, texts, gold), measure("reader", reader_labels, texts, gold)]
    regions = region_scores(rows, texts)
    whole = {"half": options.half, "reports": len(rows), "results": results, "regions": regions}
    answer = json.dumps(whole, indent=1)
    print(answer)
    if options.out:
        options.out.write_text(answer + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
