"""backup, restore, snapshot and forget through the command line and on an S3 server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekin.cli import run
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.journeys.upkeep import NOT_REACHED, back_up_index, forget_cases, restore_index
from made_stores import everything, stored_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with CaseIndex(tmp_path / "index", create=True) as index:
        names = Pseudonymizer(index.site_key())
        cases = [stored_case(number, patient=names.patient(f"MRN{number // 2}")) for number in range(6)]
        index.put([*cases, stored_case(9, patient=names.patient("MRN9"), sex="F")])
    return tmp_path / "index"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of an S3 server in this process, with one bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    given = {"aws_access_key_id": "made", "aws_secret_access_key": "up", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **given).create_bucket(Bucket="archive")
    yield address
    server.stop()


def asked(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The document that a command prints."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_backup_on_s3_comes_back_and_is_written_on(
    folder: Path, s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (
        ("AWS_ENDPOINT_URL", s3_server), ("AWS_ACCESS_KEY_ID", "made"), ("AWS_SECRET_ACCESS_KEY", "up"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    place = "s3://archive/casekin"
    first = asked(["backup", str(folder), place], capsys)
    assert (first["cases"], first["written"]) == (7, 3)
    with CaseIndex(folder) as index:
        before = everything(index)
        index.put([stored_case(30)])
    assert asked(["backup", str(folder), place], capsys)["written"] == 2
    restored = asked(["restore", place, str(tmp_path / "restored"), "--state", "000001"], capsys)
    assert (restored["state"], restored["cases"], restored["integrity"]) == ("000001", 7, "ok")
    with CaseIndex(tmp_path / "restored") as index:
        assert everything(index) == before
    assert forget_cases(folder, case_ids=["case-30"]).backups == {place: ("000002",)}
    assert back_up_index(folder, place, keep=1).dropped > 0


def test_a_place_that_fails_is_one_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run(["backup", str(folder), str(tmp_path / "file")]) == 1
    assert run(["backup", str(folder), "no-such-scheme://bucket"]) == 1
    assert run(["restore", str(tmp_path / "nowhere"), str(tmp_path / "restored")]) == 1
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 3
    assert all((line.startswith("error: ") and ";" in line) or "expected" in line for line in told)
    assert not (tmp_path / "restored" / "casekin.sqlite3").exists()


def test_a_patient_is_forgotten_by_the_archives_own_id(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["forget", "--index", str(folder), "--patient", "MRN1"]
    dry = asked([*command, "--dry-run"], capsys)
    assert dry == {"cases": ["case-2", "case-3"], "erased": False, "backups": {}, "proof": None}
    told = asked(command, capsys)
    assert (told["cases"], told["erased"], told["backups"]) == (["case-2", "case-3"], True, {})
    assert asked(command, capsys)["cases"] == []
    with CaseIndex(folder) as index:
        assert index.info()["cases"] == 5


def test_cases_are_forgotten_by_what_is_said_of_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["forget", "--index", str(folder)]
    assert asked([*command, "--where", "sex = F", "--case", "case-0"], capsys)["cases"] == ["case-0", "case-9"]
    assert asked([*command, "--ingested-before", "2001-01-01"], capsys)["cases"] == []
    assert run([*command, "--where", "sex >"]) == 1
    assert run([*command, "--ingested-before", "yesterday"]) == 2


def test_the_answer_says_which_backups_still_hold_a_case(folder: Path, tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    for place in (near, far):
        back_up_index(folder, str(place))
    (far / "manifests" / "000001.json").write_text("{}")
    assert forget_cases(folder, case_ids=["case-1"]).backups == {str(near): ("000001",), str(far): NOT_REACHED}
    back_up_index(folder, str(near), keep=1)
    assert restore_index(str(near), tmp_path / "restored") == "000002"
    with CaseIndex(tmp_path / "restored") as index:
        assert "case-1" not in everything(index)["cases"]


def test_a_snapshot_is_made_listed_restored_and_removed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["snapshot", str(folder)]
    assert asked([*command, "--name", "full"], capsys)["written"] == 3
    with CaseIndex(folder) as index:
        before = everything(index)
        index.put([], remove=list(before["cases"])[:3])
    assert [state["cases"] for state in asked(command, capsys)["snapshots"]] == [7, 4]  # type: ignore[attr-defined]
    assert asked([*command, "--restore", "full"], capsys)["changed_chunks"] == 1
    with CaseIndex(folder) as index:
        assert everything(index) == before
    asked([*command, "--remove", "full"], capsys)
    assert [state["name"] for state in asked([*command, "--list"], capsys)["snapshots"]] == ["000002"]  # type: ignore[attr-defined]
    assert run([*command, "--restore", "full"]) == 1
    assert run([*command, "--restore", "full", "--list"]) == 2


def test_a_damaged_index_is_told_by_its_exit_code_and_repaired(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["info", str(folder), "--check"]
    assert asked(command, capsys)["integrity"] == "ok"
    with CaseIndex(folder) as index:
        index._db.execute("UPDATE cases SET sex = 'M' WHERE case_no = 2")
    assert run([*command, "--json"]) == 1
    assert list(json.loads(capsys.readouterr().out)["damaged_cases"]) == ["2"]
    assert run([*command, "--repair", "--json"]) == 1
    assert list(json.loads(capsys.readouterr().out)["quarantined_cases"]) == ["case-1"]
    assert run(["info", "--check"]) == 2


def test_the_models_of_an_index_are_listed_and_switched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with CaseIndex(folder) as index:
        images = [image for number in (*range(6), 9) for image in stored_case(number).images]
        index.put_embeddings(images, model_version="m2")
    switched = asked(["models", str(folder), "--activate", "m2"], capsys)["models"]
    assert [(model["version"], model["state"]) for model in switched] == [("m1", "kept"), ("m2", "active")]  # type: ignore[attr-defined]
    assert run(["models", str(folder), "--remove", "m2"]) == 1
    assert len(asked(["models", str(folder), "--remove", "m1"], capsys)["models"]) == 1  # type: ignore[arg-type]
