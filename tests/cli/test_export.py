"""`casekin export` and `casekin listen` from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from casekin.cli import run
from casekin.index import CaseIndex
from casekin.journeys.receive import Site, open_site, receive_object, store_received
from casekin.site.report_ledger import ReportLedger
from made_messages import result
from made_objects import film_object


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = open_site(tmp_path_factory.mktemp("export") / "index", burned_in="keep")
    receive_object(made, film_object(1), now=0.0)
    store_received(made, now=100.0)
    return made


def test_cases_are_written_for_other_systems(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case_id, index = site.names.uid("1.2.3"), str(site.index)
    with CaseIndex(Path(index)) as handle:
        (image,) = handle.images(handle.image_ids_of(case_id))
        place = next(name for name in sorted(image.boxes) if name != "global")
    mask = tmp_path / "mask.png"
    Image.new("L", (image.width, image.height), 255).save(mask)
    for form, more in (("key-objects", ["--description", "For Thursday"]), ("segmentation", ["--at", place]),
                       ("region-report", ["--box", "5,5,20,30"]), ("segmentation", ["--mask", str(mask)]),
                       ("imaging-study", [])):  # fmt: skip
        assert run(["export", form, case_id, "--index", index, "--out", str(tmp_path), "--json", *more]) == 0
        (name,) = json.loads(capsys.readouterr().out)["files"]
        if name.endswith(".dcm"):
            assert pydicom.dcmread(tmp_path / name).StudyInstanceUID == case_id
    assert run(["export", "segmentation", "unknown", "--index", index, "--out", str(tmp_path)]) == 1
    assert run(["export", "segmentation", case_id, "--index", index, "--out", str(tmp_path), "--box", "1,2"]) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--dicom-port or --hl7-port"),
        (["--hl7-port", "0", "--host", "0.0.0.0"], "--without-tls"),
        (["--hl7-port", "0", "--host", "0.0.0.0", "--without-tls"], "--hl7-caller"),
        (["--dicom-port", "0", "--host", "0.0.0.0", "--without-tls"], "--caller"),
        (["--dicom-port", "0", "--tls-cert", "c.pem"], "together"),
    ],
)
def test_listening_to_strangers_is_refused_as_wrong_usage(
    options: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["listen", "--index", str(tmp_path / "index"), *options]) == 2
    assert told in capsys.readouterr().err


def test_a_listening_process_takes_messages_and_ends_when_told(tmp_path: Path) -> None:
    import socket

    argv = [sys.executable, "-c", "from casekin.cli import main; main()", "listen", "--index", str(tmp_path / "index")]
    with subprocess.Popen(
        [*argv, "--hl7-port", "0", "--dicom-port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["ae_title"] == "CASEKIN" and told["dicom_port"] > 0
        with socket.create_connection(("127.0.0.1", told["hl7_port"]), timeout=60) as connection:
            connection.sendall(b"\x0b" + result("Effusion.") + b"\x1c\r")
            assert b"MSA|AA" in connection.recv(4096)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=120)
    assert process.returncode == 0, log
    site = open_site(tmp_path / "index")
    assert len(list(ReportLedger(site.books).waiting())) == 1
