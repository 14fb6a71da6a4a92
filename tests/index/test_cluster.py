"""What only the engine on a server can get wrong: half-written commits, dead writers, lost rows, addresses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from casekin.errors import DependencyError, IndexStoreError, InputError
from casekin.index import open_index
from casekin.index.cluster import ClusterIndex, parse_address, show_address
from casekin.index.cluster.packing import join_parts, unpack_record
from casekin.index.cluster.server import Server
from casekin.index.cluster.sweeping import waiting_images
from made_indexes import made_cases

KILLED = """
import os, signal, sys
from casekin.index import open_index
from casekin.index.cluster.server import Server
from made_indexes import made_cases
original = getattr(Server, sys.argv[2])
left = [int(sys.argv[3])]
def killed(self, *values, **named):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(self, *values, **named)
with open_index(sys.argv[1]) as index:
    index.put([])
    setattr(Server, sys.argv[2], killed)
    if sys.argv[4] == "put":
        index.put(list(made_cases(12, seed=5)), remove=["c20"])
    else:
        index.put_embeddings([image for case in made_cases(9) for image in case.images], model_version="m2")
"""


@pytest.fixture(scope="module")
def address(milvus: str) -> str:
    """An index of 30 made cases on a server."""
    where = f"milvus://{milvus}/cluster"
    with open_index(where, create=True) as index:
        index.put(list(made_cases()))
    return where


def opened(address: str) -> ClusterIndex:
    return ClusterIndex(address)


@pytest.mark.parametrize(("call", "after", "work"), [("put", 0, "put"), ("put", 2, "put"), ("write_head", 0, "embed")])
def test_a_writer_killed_before_its_commit_leaves_no_trace(address: str, call: str, after: int, work: str) -> None:
    with opened(address) as index:
        before, states = index.version(), index.transfer.states()
    paths = os.pathsep.join(sys.path)
    argv = [sys.executable, "-c", KILLED, address, call, str(after), work]
    done = subprocess.run(argv, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with opened(address) as index:
        assert index.transfer.states() == states
        assert int(index.version().rpartition(".")[2]) == int(before.rpartition(".")[2]) + 1  # its empty write
        index.put([])  # takes the dead writer's place, and what it left with it
        assert index.upkeep.check().is_sound
        for name in (index._replica.server.blobs, index._replica.server.vectors(8)):
            assert not index._replica.server.rows(name, "image_id > 45 or model_no > 1", ["image_id"])


def test_rows_that_the_server_lost_are_noticed_and_put_in_quarantine(address: str) -> None:
    with opened(address) as index:
        server = index._replica.server
        (image_id,) = index.image_ids_of("c10")
        kept = server.rows(server.blobs, f"image_id == {image_id} and model_no == 0", ["pk", "data", "part"])
        server.delete(server.blobs, f"image_id == {image_id} and model_no == 0")
        server.expect_change()
        report = index.upkeep.check()
        assert list(report.cases.values()) == [f"image {image_id} is not what was written"]
        assert index.upkeep.repair(report) and list(index.quarantined()) == ["c10"]
        mask = index.select(None)
        assert mask is not None and not mask[list(report.cases)].any()
        index.put([case for case in made_cases() if case.case_id == "c10"])
        assert index.quarantined() == {} and index.upkeep.check().is_sound and kept


def test_a_second_writer_waits_for_the_first(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.index.cluster.lease._PATIENCE_S", 0.3)
    with opened(address) as first, opened(address) as second:
        with first.writing(), pytest.raises(IndexStoreError, match="only writer"):
            second.put([])
        second.put([])


def test_replaced_versions_go_with_the_next_writer(address: str) -> None:
    with opened(address) as index:
        index.put([case for case in made_cases() if case.case_id == "c12"])
        assert waiting_images(index._replica.server, index._replica.head)
    with opened(address) as index:
        index.put([])
        server = index._replica.server
        assert not waiting_images(server, index._replica.head)
        (case_no,) = index._db.execute("SELECT case_no FROM cases WHERE case_id = 'c12'").fetchone()
        server.expect_change()
        assert len(server.rows(server.records, f"case_no == {case_no}", ["generation"])) == 1


def test_a_forgotten_case_is_in_no_row_of_the_server(address: str) -> None:
    with opened(address) as index:
        index.put([case for case in made_cases() if case.case_id == "c14"])  # a version to be replaced
        images = index.image_ids_of("c14")
        (case_no,) = index._db.execute("SELECT case_no FROM cases WHERE case_id = 'c14'").fetchone()
        index.upkeep.forget(["c14"])
        server = index._replica.server
        server.expect_change()
        for name in server.collections():
            if name != server.records:
                assert server.rows(name, f"image_id in {images}", ["pk"]) == []
        (left,) = server.rows(server.records, f"case_no == {case_no}", ["case_no", "generation", "part", "data"])
        assert unpack_record(join_parts([left])) == b""
        assert index.upkeep.check().is_sound


def test_a_collection_whose_maker_was_killed_before_it_was_loaded_is_loaded_by_who_asks(milvus: str) -> None:
    server = Server(parse_address(f"milvus://{milvus}/unloaded"))
    load, server._load = server._load, lambda name: False  # type: ignore[method-assign]
    server.create_vectors(8)
    server._load = load  # type: ignore[method-assign]
    assert server.count(server.vectors(8), "image_id > 0") == 0
    server.close()


def test_a_removed_model_leaves_the_server_with_the_next_writer(milvus: str) -> None:
    where = f"milvus://{milvus}/removed_model"
    with ClusterIndex(where, create=True) as index:
        index.put(list(made_cases(3)))
        index.put_embeddings([image for case in made_cases(3) for image in case.images], model_version="m2")
        index.activate_model("m2")
        index.remove_model("m1")
    with opened(where) as index:
        index.put([])
        server = index._replica.server
        for name in (server.blobs, server.vectors(8)):
            assert {row["model_no"] for row in server.rows(name, "image_id > 0", ["model_no"])} - {0} == {2}
        assert index.upkeep.check().is_sound


def test_codes_are_asked_made_anew_when_much_has_come_and_deleted_when_replaced(
    milvus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekin.index.cluster.derived.CODED_ROWS", 1)
    monkeypatch.setattr("casekin.index.cluster.codes._DEPTHS", (36, 40, 44))
    cases = [replace(case, images=[replace(i, vectors={"global": i.vectors["global"]}) for i in case.images])
             for case in made_cases()]  # fmt: skip
    with ClusterIndex(f"milvus://{milvus}/coded", create=True) as index:
        index.put(cases[:27])
        assert not index._places.segment("global").goes_by_codes(None)
        index.write_derived()
        assert index._places.segment("global").goes_by_codes(None)
        first, version = index._replica.head["codes"]["1/global"], index.version()
        index.write_derived()
        assert (index._replica.head["codes"]["1/global"], index.version()) == (first, version)
        index.put(cases[27:])
        index.write_derived()
        second = index._replica.head["codes"]["1/global"]
        server = index._replica.server
        assert second != first and server.count(server.codes(8), "image_id > 0") == 40 + 45
    with opened(f"milvus://{milvus}/coded") as index:
        index.put([], remove=["c00"])
        assert index._replica.server.count(server.codes(8), f'place == "{first}"') == 0
        assert index._places.refresh().segment("global").goes_by_codes(None)
        index.upkeep.forget(["c01"])  # numbers may mean other rows from here on
        assert not index._places.refresh().segment("global").goes_by_codes(None)
        assert index.upkeep.check().is_sound


def test_a_folder_s_verbs_are_refused_in_one_line(address: str) -> None:
    with opened(address) as index:
        for refused in (index.upkeep.snapshots, lambda: index.upkeep.restore_snapshot("x"), lambda: index.folder):
            with pytest.raises(IndexStoreError, match="casekin migrate"):
                refused()


@pytest.mark.parametrize(
    ("text", "uri", "name", "token"),
    [
        ("milvus://host:19531/archive", "http://host:19531", "archive", ""),
        ("milvus://host/archive", "http://host:19530", "archive", ""),
        ("https://reader:a%20b@host:443/archive", "https://host:443", "archive", "reader:a b"),
    ],
)
def test_addresses_say_host_name_and_who_asks(text: str, uri: str, name: str, token: str) -> None:
    address = parse_address(text)
    assert (address.uri, address.name, address.token) == (uri, name, token)
    assert token == "" or token not in repr(address)


OTHER_FORMS = [
    *("milvus://host:1", "milvus:///name", "milvus://host:1/a b", "milvus://host:x/name", "s3://bucket/name"),
    *("milvus://me:se/cret@host/name", "milvus://me:se@cret@host:x/name", "ftp://me:secret@host/name"),
]


@pytest.mark.parametrize("text", OTHER_FORMS)
def test_other_forms_of_address_are_refused_without_telling_who_asked(text: str) -> None:
    with pytest.raises(InputError, match="milvus://HOST:PORT/NAME") as refused:
        open_index(text)
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("milvus://me:secret@host:1/x", "milvus://***@host:1/x"),
        ("milvus://me:se/c@ret@host:1/x", "milvus://***@host:1/x"),
        ("milvus://host:1/x", "milvus://host:1/x"),
        (Path("my@folder"), "my@folder"),
    ],
)
def test_an_address_is_told_without_who_asks(where: object, shown: str) -> None:
    assert show_address(where) == shown


def test_without_its_client_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(DependencyError, match=r"casekin\[cluster\]"):
        open_index("milvus://127.0.0.1:1/name")
