"""Deleting rows of the server that no commit names: a failed writer's, and versions that later ones replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from casekin.index.cluster.packing import batches
from casekin.index.cluster.server import Server

Head = Mapping[str, Any]


def intent_of(generation: int, images: Mapping[int, Iterable[int]]) -> dict[str, Any]:
    """What a commit says before it writes: its generation, and the images by model whose numbers others may know."""
    return {"generation": generation, "images": {str(model): _spans(sorted(ids)) for model, ids in images.items()}}


def is_unfinished(server: Server, head: Head) -> bool:
    """Whether a writer said that it would write a generation, and hasn't committed it."""
    return bool(server.read_intent()["generation"] > head["generation"])


def delete_unfinished(server: Server, head: Head) -> None:
    """Delete what a failed writer left, if there was one; it holds no lease any more."""
    intent = server.read_intent()
    if intent["generation"] <= head["generation"]:
        return
    server.delete(server.records, f"generation > {head['generation']}")
    images = dict(head["sequences"]).get("images", 0)
    models = [0, *(model[0] for model in head["models"])]
    for name in _image_collections(server):
        server.delete(name, f"image_id > {images} or model_no not in {models}")
        for model, spans in intent["images"].items():
            for some in batches([number for first, last in spans for number in range(first, last + 1)]):
                server.delete(name, f"model_no == {model} and image_id in {some}")
    server.write_intent(intent_of(head["generation"], {}))
    server.expect_change()


def delete_replaced(server: Server, head: Head) -> None:
    """Delete the versions, images, models and codes that commits replaced since the last sweep, if any did."""
    for name in server.code_collections():
        server.delete(name, f"place not in {sorted(head.get('codes', {}).values())}")
    waiting = list(_waiting(server, head))
    if not waiting:
        return
    models = [0, *(model[0] for model in head["models"])]
    gone = sorted({image_id for _, changed in waiting for image_id in changed["images"]})
    for name in _image_collections(server):
        if any(changed.get("models") for _, changed in waiting):
            server.delete(name, f"model_no not in {models}")
        for some in batches(gone):
            server.delete(name, f"image_id in {some}")
    replaced = {(generation, case_no) for generation, changed in waiting for case_no in changed["cases"]}
    latest = {case_no: generation for generation, case_no in sorted(replaced)}
    for generation in sorted(set(latest.values())):
        for some in batches(sorted(case_no for case_no, last in latest.items() if last == generation)):
            server.delete(server.records, f"generation < {generation} and case_no in {some}")
    server.delete(server.records, f"case_no == 0 and generation <= {head['generation']}")
    server.expect_change()


def waiting_images(server: Server, head: Head) -> set[int]:
    """Images that commits replaced and that the next sweep deletes."""
    return {image_id for _, changed in _waiting(server, head) for image_id in changed["images"]}


def _waiting(server: Server, head: Head) -> Iterator[tuple[int, dict[str, list[int]]]]:
    """What each commit replaced since the last sweep: images, models, and cases of earlier generations."""
    # Never what a killed writer said it would replace: that commit didn't come about.
    committed = f"case_no == 0 and generation <= {head['generation']}"
    for row in server.rows(server.records, committed, ["generation", "data"]):
        yield row["generation"], json.loads(row["data"])


def _image_collections(server: Server) -> list[str]:
    return [name for name in server.collections() if name != server.records]


def _spans(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers, ascending."""
    if not numbers:
        return []
    breaks = [(left, right) for left, right in pairwise(numbers) if right - left > 1]
    firsts = [numbers[0], *(right for _, right in breaks)]
    lasts = [*(left for left, _ in breaks), numbers[-1]]
    return list(zip(firsts, lasts, strict=True))
