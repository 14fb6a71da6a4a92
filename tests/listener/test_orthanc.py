"""With a real Orthanc: it forwards, is queried and moved from, pulled from over DICOMweb, and sends by STOW."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DigitalXRayImageStorageForPresentation
from pynetdicom import AE
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove,
)

from casekin.cli import run
from casekin.errors import InputError
from casekin.journeys.pull import pull_studies, web_store
from casekin.journeys.receive import Site, open_site, store_received
from casekin.listener import DicomReceiver, DicomSettings, Peers
from casekin.site.received import Received
from made_objects import film_object, rejection_object, report_object
from made_orthanc import Orthanc, orthanc_server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return open_site(tmp_path_factory.mktemp("orthanc") / "index", burned_in="keep")


@pytest.fixture(scope="module")
def listening(site: Site) -> Iterator[DicomReceiver]:
    with DicomReceiver(site, DicomSettings(port=0, callers=Peers.of(["ORTHANC@127.0.0.1"]))) as made:
        yield made


@pytest.fixture(scope="module")
def orthanc(listening: DicomReceiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with orthanc_server(
        tmp_path_factory.mktemp("server") / "orthanc", casekin_port=listening.port, forward=True
    ) as made:
        yield made


def post(url: str, data: bytes, kind: str = "application/dicom") -> Any:
    with urlopen(Request(url, data=data, headers={"Content-Type": kind}, method="POST"), timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it didn't come"
        time.sleep(0.05)


def instances(site: Site) -> set[str]:
    counts = Received(site.books)
    return {found.instance for state in ("waiting", "stored") for found in counts.listed(state)}  # type: ignore[arg-type]


def test_what_orthanc_stores_is_forwarded_and_becomes_a_case_with_its_report(site: Site, orthanc: Orthanc) -> None:
    for data in (film_object(1), film_object(2), report_object("Left pleural effusion.")):
        post(f"{orthanc.rest}/instances", data)
    until(lambda: len(instances(site)) == 3)
    summary = store_received(site, now=time.time() + 100)
    assert (summary.added, summary.reports, summary.failed) == (1, 1, 0)
    post(f"{orthanc.rest}/instances", rejection_object("1.2.3.1.2"))
    until(lambda: bool(Received(site.books).waiting("rejection")))
    assert store_received(site, now=time.time() + 200).rejected == 1


def test_a_study_is_found_in_orthanc_and_moved_to_casekin(site: Site, orthanc: Orthanc) -> None:
    post(f"{orthanc.rest}/instances", film_object(7, study="1.2.77", accession="ACC-77"))
    uid = site.names.uid("1.2.77.1.7")
    until(lambda: uid in instances(site))
    Received(site.books).forget([site.names.uid("1.2.77")])
    entity = AE(ae_title="TEST")
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelMove)
    association = entity.associate("127.0.0.1", orthanc.dicom_port, ae_title="ORTHANC")
    asked = Dataset()
    asked.QueryRetrieveLevel, asked.AccessionNumber, asked.StudyInstanceUID = "STUDY", "ACC-77", ""
    (found,) = [row for _, row in association.send_c_find(asked, StudyRootQueryRetrieveInformationModelFind) if row]
    assert found.StudyInstanceUID == "1.2.77"
    list(association.send_c_move(found, "CASEKIN", StudyRootQueryRetrieveInformationModelMove))
    association.release()
    until(lambda: uid in instances(site))


def test_studies_are_pulled_from_orthanc_once(orthanc: Orthanc, tmp_path: Path) -> None:
    for seed in range(3):
        post(f"{orthanc.rest}/instances", film_object(seed, study=f"1.2.9.{seed % 2}", patient="P9"))
    store, query = web_store(orthanc.web), {"PatientID": "P9"}
    pulled = pull_studies(store, tmp_path / "pulled", query=query)
    assert (pulled.studies, pulled.fetched, pulled.unchanged, pulled.problems) == (2, 3, 0, ())
    films = sorted((tmp_path / "pulled").rglob("*.dcm"))
    assert [path.stem for path in films] == ["1.2.9.0.1.0", "1.2.9.0.1.2", "1.2.9.1.1.1"]
    sent = pydicom.dcmread(io.BytesIO(film_object(2, study="1.2.9.0", patient="P9")))
    assert pydicom.dcmread(films[1]).PixelData == sent.PixelData
    films[1].unlink()
    again = pull_studies(store, tmp_path / "pulled", query=query)
    assert (again.fetched, again.unchanged) == (1, 2)


def test_films_stored_by_c_store_through_orthanc_arrive_unchanged(site: Site, orthanc: Orthanc) -> None:
    entity = AE(ae_title="TEST")
    entity.add_requested_context(DigitalXRayImageStorageForPresentation, "1.2.840.10008.1.2.1")
    association = entity.associate("127.0.0.1", orthanc.dicom_port, ae_title="ORTHANC")
    film = pydicom.dcmread(io.BytesIO(film_object(5, study="1.2.55")))
    assert association.send_c_store(film).Status == 0
    association.release()
    received, uid = Received(site.books), site.names.uid("1.2.55.1.5")
    until(lambda: uid in instances(site))
    (found,) = [one for one in received.waiting("image") if one.instance == uid]
    assert pydicom.dcmread(received.path_of(found)).PixelData == film.PixelData


def test_an_ingest_names_a_server_and_leaves_no_file_as_it_was_sent(
    orthanc: Orthanc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post(f"{orthanc.rest}/instances", film_object(3, study="1.2.66", accession="ACC-66"))
    index = tmp_path / "index"
    argv = [
        "ingest",
        orthanc.web,
        "--index",
        str(index),
        "--query",
        "AccessionNumber=ACC-66",
        "--workers",
        "1",
        "--json",
    ]
    assert run(argv) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1
    assert not any((index / "site").rglob("*.dcm"))
    assert run([*argv, "--query", "nonsense"]) == 2
    assert run(["ingest", "http://127.0.0.1:1/dicom-web?x=1", "--index", str(index)]) == 1


def test_a_server_that_fails_for_a_while_is_asked_again_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    waits: list[float] = []
    with pytest.raises(InputError, match="try again later"):
        pull_studies(web_store("http://127.0.0.1:1/dicom-web"), tmp_path, sleep=waits.append)
    assert waits == [1.0, 2.0, 4.0]
    for address in ("ftp://host/x", "http://user:secret@host/x", "https:///x"):
        with pytest.raises(InputError, match="expected http") as told:
            pull_studies(web_store(address), tmp_path)
        assert "secret" not in str(told.value)
    with pytest.raises(InputError, match="https"):
        pull_studies(replace(web_store("http://pacs/dicom-web"), token="SECRET"), tmp_path)
    assert "SECRET" not in repr(replace(web_store("http://h"), token="SECRET", password="SECRET"))
