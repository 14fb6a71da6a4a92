"""Protocols are data: complete, hashed, and every shipped one can be loaded, scored and looked up."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest

from casekin.errors import InputError
from casekin.evaluation.protocols import load_protocol, protocol_names, read_tasks

EXCLUSIONS = {"self", "same_study", "same_patient", "near_duplicates"}


@pytest.mark.parametrize("name", protocol_names())
def test_every_protocol_is_complete_and_its_measures_exist(name: str) -> None:
    protocol = load_protocol(name)
    assert protocol.name == name
    assert protocol.version >= 1
    assert set(protocol.exclusions) == EXCLUSIONS
    assert all((protocol.source, protocol.queries, protocol.gallery, protocol.relevance))
    assert [measure.name for measure in protocol.parsed_measures()] == list(protocol.measures)


@pytest.mark.parametrize("name", protocol_names())
def test_every_protocol_has_a_loader_that_refuses_an_empty_place(name: str, tmp_path) -> None:
    with pytest.raises(InputError):
        list(read_tasks(name, tmp_path))


def test_the_hash_is_that_of_the_canonical_json_and_any_change_changes_it() -> None:
    protocol = load_protocol("zones")
    text = json.dumps(dataclasses.asdict(protocol), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert protocol.sha256 == hashlib.sha256(text.encode()).hexdigest()
    hashes = {load_protocol(name).sha256 for name in protocol_names()}
    assert len(hashes) == len(protocol_names())
    assert dataclasses.replace(protocol, version=protocol.version + 1).sha256 not in hashes


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="zones"):
        load_protocol("zone")
