"""Made indexes for upkeep: cases with something in every table, and everything that an index answers of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from casekin.index import CaseIndex, IndexedCase, Term
from made_cases import made_case, made_fact, made_image, unit_vector

REGIONS = ("global", "left_lung", "spine")
DIM = 16


def stored_case(number: int, *, version: int = 0, **values: Any) -> IndexedCase:
    """Case `case-NUMBER`; another version has other vectors, words and bytes."""
    rng = np.random.default_rng([number, version])
    images = [
        replace(
            made_image(
                {region: unit_vector(rng, DIM) for region in REGIONS}, content=f"content {number} {part} {version}"
            ),
            tokens=rng.bytes(300),
            preview=rng.bytes(500),
        )
        for part in range(1 + number % 2)
    ]
    given = {
        "patient": f"patient-{number // 2}",
        "accession_number": f"accession-{number}",
        "study_instance_uid": f"2.25.{number}",
        "images": images,
        "report": f"Report {number} of version {version}. Nodule. " * 20,
        "facts": (made_fact("nodule", "lung", "left", sentence=f"Nodule {number}."),),
        "sentences": (f"Nodule number{number} version{version}.", "No effusion."),
        "extra": {"scanner": f"scanner-{number}"},
    }
    return made_case(f"case-{number}", **{**given, **values})


def everything(index: CaseIndex) -> dict[str, Any]:
    """All that an index answers, by the ids of its cases and the numbers of its images."""
    catalog = index.catalog()
    names = sorted(name for name in catalog.case_id_of_case.tolist() if name)
    ids = {name: index.image_ids_of(name) for name in names}
    flat = [image_id for images in ids.values() for image_id in images]
    return {
        "cases": index.cases(names),
        "ids": ids,
        "images": list(index.images(flat)),
        "vectors": {i: {name: v.tolist() for name, v in index.vectors_of(i).items()} for i in flat},
        "words": np.flatnonzero(index.match_sentences([(("nodule",), 1.0)])).tolist(),
        "models": index.models(),
    }


def top_lists(index: CaseIndex, queries: int, *, limit: int = 100) -> list[list[tuple[int, float]]]:
    """The best images with their similarities for seeded queries over two regions each."""
    rng = np.random.default_rng(17)
    lists = []
    for _ in range(queries):
        regions = rng.choice(REGIONS, 2, replace=False)
        terms = [
            Term(region=str(name), vector=unit_vector(rng, DIM).astype(np.float32), weight=0.5) for name in regions
        ]
        for wave in index.nearest(terms, allowed_cases=None):
            scores = index.similarities(terms, wave.image_ids).sum(axis=1)
            order = np.lexsort((wave.image_ids, -scores))[:limit]
            if len(order) == limit and scores[order[-1]] >= wave.bound:
                break
        lists.append([(int(wave.image_ids[place]), float(scores[place])) for place in order])
    return lists
