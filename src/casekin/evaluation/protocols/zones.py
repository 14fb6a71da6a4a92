"""The zone protocol: find the same finding in the same third of the same lung of other patients, by masks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.judgements import Judgements
from casekin.evaluation.protocols.protocol import Protocol
from casekin.evaluation.protocols.task import Task

ZONES: Mapping[str, str] = {"upper": "upper_lung_zone", "mid": "mid_lung_zone", "lower": "lower_lung_zone"}
"""Places by the words of the manifest."""
Findings = Mapping[tuple[str, str], frozenset[str]]


def zone_findings(entries: Iterable[Mapping[str, Any]], *, least_share: float) -> dict[tuple[str, str], frozenset[str]]:
    """Findings by (side, third), all six there: those that cover `least_share` of it and more."""
    found = {(side, zone): frozenset[str]() for side in ("right", "left") for zone in ZONES}
    for entry in entries:
        if entry["frac_of_zone"] >= least_share:
            key = (entry["side"], entry["zone"])
            found[key] = found[key] | {entry["finding"]}
    return found


def read_zones(source: Path, protocol: Protocol) -> tuple[Task, ...]:
    """The task of a manifest whose rows have `case_id`, `patient_group`, `region_findings` and `duplicate_of`.

    `source` may be the folder that holds it as `manifest.jsonl`.
    InputError when the file can't be read, a row is malformed, or no query has an answer.
    """
    manifest = source / "manifest.jsonl" if source.is_dir() else source
    dropped = {"without_masks": 0, "near_duplicates": 0}
    images: dict[str, Findings] = {}
    patients: dict[str, str] = {}
    try:
        for line in manifest.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not row["region_findings"]:
                dropped["without_masks"] += 1
            elif row["duplicate_of"]:
                dropped["near_duplicates"] += 1
            else:
                patients[row["case_id"]] = row["patient_group"]
                images[row["case_id"]] = zone_findings(
                    row["region_findings"], least_share=protocol.parameters["least_share"]
                )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{manifest.name}: expected rows with case_id, patient_group, region_findings and duplicate_of, got "
            f"{type(error).__name__}"
        ) from None
    return (judge_zones(images, patients, protocol, dropped=dropped),)


def judge_zones(
    images: Mapping[str, Findings], patients: Mapping[str, str], protocol: Protocol, *, dropped: Mapping[str, int]
) -> Task:
    """The task of images with findings by (side, third); a query is `case_id@right_upper_lung_zone`.

    Relevant is who shares a finding there. Queries without a relevant image are dropped and counted; a
    run holds the queries of `judgements.listed`, and those it lacks score 0.
    """
    pairs: list[tuple[str, str, float]] = []
    unanswered = 0
    places = {(side, zone): f"{side}_{ZONES[zone]}" for side in ("right", "left") for zone in ZONES}
    for case, found in images.items():
        for key, place in places.items():
            others = [other for other in images if patients[other] != patients[case]]
            relevant = [other for other in others if found[key] & images[other][key]]
            unanswered += bool(found[key]) and not relevant
            pairs += [(f"{case}@{place}", other, 1.0) for other in relevant]
    judged = dict.fromkeys(places.values(), sorted(images))
    normal = {place: [case for case, found in images.items() if not found[key]] for key, place in places.items()}
    return Task(
        protocol=protocol,
        name="zones",
        judgements=Judgements.build(pairs, documents=images, judged=judged, normal=normal, patients=patients),
        dropped={**dropped, "no_relevant_image": unanswered},
    )
