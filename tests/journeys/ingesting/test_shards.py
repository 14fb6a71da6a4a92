"""Shards: what comes out of a file is what went in, files stand whole or not at all, and lists hold paths only."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.index import IndexedCase
from casekin.journeys.ingesting import shards
from casekin.journeys.ingesting.plan import plan_ingest
from casekin.journeys.ingesting.shards import (
    clear_lists,
    find_shard,
    list_of,
    read_list,
    read_shard,
    shard_folder,
    write_lists,
    write_shard,
)
from casekin.journeys.ingesting.sources import Problem, read_job
from casekin.journeys.ingesting.study import Outcome
from casekin.types import Box, Fact, Place
from made_cases import made_case, made_image, unit_vector

FACT = Fact(
    finding="nodule", anatomy="upper_lobe", side="left", polarity="present", size_mm=4.25, sentence="A 4 mm nodule.",
    span=(10, 25),
)  # fmt: skip


def full_case() -> IndexedCase:
    rng = np.random.default_rng(5)
    vectors = {"global": unit_vector(rng, 16), "left_lung": unit_vector(rng, 4)}
    boxes = {"left_lung": Box(x0=0.5, y0=1.0, x1=20.25, y1=30.0)}
    image = replace(made_image(vectors, boxes=boxes), tokens=bytes(range(256)), preview=b"\xff\xd8\xff")
    return made_case(
        "alfa", images=[image, made_image({}, content="d")], report="Käse: 4 mm.", age=61.5, facts=(FACT,),
        normal_anatomies=(Place(anatomy="heart"), Place(anatomy="lung", side="right")), sentences=("One.", "Two."),
        extra={"site": {"room": [1, 2.5, None]}}, adds_images=True,
    )  # fmt: skip


def plain(value: Any) -> Any:
    """A value with arrays as bytes and mappings as dicts, so that `==` compares all of it."""
    if isinstance(value, np.ndarray):
        return (str(value.dtype), value.tobytes())
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if hasattr(value, "items") else value


def test_a_shard_gives_back_every_field_of_every_case(tmp_path: Path) -> None:
    outcomes = [
        Outcome(case=full_case(), warnings=(Problem(source="a.png", reason="odd"),)),
        Outcome(case=None, problems=(Problem(source="b.png", reason="broken"),)),
        Outcome(case=made_case("charlie")),
    ]
    shard = write_shard(tmp_path / "one.jsonl", outcomes)
    assert plain(list(read_shard(shard))) == plain(outcomes)
    assert list(tmp_path.iterdir()) == [shard]
    assert find_shard(tmp_path / "one.jsonl") == shard
    assert list_of(shard) == tmp_path / "one.jsonl"
    assert find_shard(tmp_path / "two.jsonl") is None


def test_every_flipped_bit_of_a_shard_is_noticed(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "one.jsonl", [Outcome(case=full_case())])
    sound = shard.read_bytes()
    rng = np.random.default_rng(6)
    for position in rng.choice(len(sound), size=200, replace=False):
        shard.write_bytes(
            sound[:position] + bytes([sound[position] ^ 1 << int(rng.integers(8))]) + sound[position + 1 :]
        )
        with pytest.raises(InputError, match="damaged"):
            list(read_shard(shard))
    shard.write_bytes(sound[: len(sound) // 2])
    with pytest.raises(InputError, match="damaged"):
        list(read_shard(shard))


def test_lists_name_the_cases_of_a_plan_without_what_they_hold(make_archive: Any, tmp_path: Path) -> None:
    with plan_ingest([make_archive()]) as plan:
        refs = list(plan)
    stamps = [read_job(ref)[0].stamp for ref in refs]
    lists = write_lists(tmp_path, zip(refs, stamps, strict=True), size=4)
    assert [len(read_list(path)) for path in lists] == [4, 2]
    assert [ref for path in lists for ref in read_list(path)] == refs
    assert [path.name for path in lists] == [
        path.name for path in write_lists(tmp_path, zip(refs, stamps, strict=True), size=4)
    ]
    written = b"".join(path.read_bytes() for path in lists)
    assert b"alfa" in written
    assert b"SECRET" not in written
    assert b"consolidation" not in written


def test_shards_of_another_model_code_or_index_lie_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {
        shard_folder(tmp_path, model_version="m1", key=b"a" * 32),
        shard_folder(tmp_path, model_version="m2", key=b"a" * 32),
        shard_folder(tmp_path, model_version="m1", key=b"b" * 32),
    }
    monkeypatch.setattr(shards, "code_version", lambda: "changed")
    folders.add(shard_folder(tmp_path, model_version="m1", key=b"a" * 32))
    assert len(folders) == 4
    assert all(folder.is_dir() and folder.parent == tmp_path for folder in folders)
    assert not any("a" * 32 in folder.name for folder in folders)


def test_clearing_keeps_shards_only(tmp_path: Path) -> None:
    for name in ("one.jsonl", "one.parquet", ".two.parquet.0123"):
        (tmp_path / name).write_text(json.dumps({}))
    clear_lists(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["one.parquet"]
