"""What the pages show to whom: a reader is offered nothing that only others may do, and refused it in words."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from casekin.api import create_site
from casekin.api.config import check_config
from casekin.site.files import KeptFile, KeptImage, store_file
from casekin.web.collecting import entry_fields
from made_sites import bearer, copied_index

PAGE = {"Accept": "text/html"}
ROLES_AND_NAMES = (("reader", "owner"), ("reader", "other"), ("curator", "curator"))


@pytest.fixture(scope="module")
def site(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site that asks for sign-in."""
    index = copied_index(small_index, tmp_path_factory.mktemp("roles") / "index")
    tenant = {"index": str(index), "viewer_link": "https://ohif.example/viewer?StudyInstanceUIDs={study}"}
    app = create_site(check_config({"tenants": {"default": tenant}, "require_sign_in": True}))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client
    shutil.rmtree(index)


def as_role(site: TestClient, role: str, subject: str = "somebody") -> dict[str, str]:
    """Headers of somebody with a role, who wants pages."""
    return {**PAGE, **bearer(site.app, "default", subject, role)}  # type: ignore[arg-type]


def test_the_navigation_offers_what_the_role_allows(site: TestClient) -> None:
    offered = {
        role: [label for label in ("Search", "Ingest", "Admin") if f">{label}</a>" in site.get("/", headers=who).text]
        for role in ("reader", "curator", "admin")
        for who in [as_role(site, role)]
    }
    assert offered == {"reader": ["Search"], "curator": ["Search", "Ingest"], "admin": ["Search", "Ingest", "Admin"]}


@pytest.mark.parametrize("path", ["/jobs", "/admin", "/admin/audit"])
def test_a_reader_who_goes_there_anyway_is_refused_on_a_page(site: TestClient, path: str) -> None:
    reply = site.get(path, headers=as_role(site, "reader"))
    assert reply.status_code == 403
    assert "<h2>Forbidden</h2>" in reply.text


def test_a_curator_adds_images_and_only_an_admin_looks_after_the_index(site: TestClient) -> None:
    curator, admin = as_role(site, "curator"), as_role(site, "admin")
    assert "Calibrate" not in site.get("/jobs", headers=curator).text
    assert "Calibrate" in site.get("/jobs", headers=admin).text
    assert site.post("/jobs", data={"kind": "check"}, headers=curator).status_code == 403


@pytest.mark.parametrize(
    "token",
    [
        {"days": "99999999"},
        {"days": "9" * 400},
        {"days": "0"},
        {"days": "²"},
        {"subject": "<b>"},
        {"subject": ""},
        {"role": "root"},
    ],
    ids=str,
)
def test_a_token_that_could_never_be_shown_again_isnt_made(site: TestClient, token: dict[str, str]) -> None:
    admin = as_role(site, "admin")
    sent = {"subject": "pacs", "role": "reader", "days": "90", **token}
    assert site.post("/admin", data=sent, headers=admin).status_code == 422
    assert site.get("/admin", headers=admin).status_code == 200


@pytest.mark.parametrize("image", ["²", "9" * 5000, str(2**70), "-1"], ids=["script", "endless", "huge", "negative"])
def test_an_entry_of_a_collection_has_a_number_of_an_image_or_none(image: str) -> None:
    assert entry_fields({"image": ["3"]}, "a-case").image == 3
    with pytest.raises(HTTPException, match="422"):
        entry_fields({"image": [image]}, "a-case")


def test_who_isnt_signed_in_is_sent_to_the_sign_in_page(site: TestClient) -> None:
    reply = site.get("/history", headers=PAGE)
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/sign-in")
    assert "Not a diagnostic device" in site.get("/sign-in", headers=PAGE).text


def test_forms_of_a_signed_in_browser_carry_its_token_and_none_works_without(site: TestClient) -> None:
    text = as_role(site, "reader", "browser")["Authorization"].removeprefix("Bearer ")
    here = {**PAGE, "Origin": "http://localhost"}
    assert site.post("/sign-in", data={"token": text}, headers=here).status_code == 303
    page = site.get("/collections", headers=PAGE).text
    assert "browser · reader" in page
    tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    assert len(tokens) == 1
    assert site.post("/collections", data={"title": "Kept"}, headers=here).status_code == 403
    made = site.post("/collections", data={"csrf_token": tokens.pop(), "title": "Kept"}, headers=here)
    assert made.status_code == 303
    token = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
    assert token is not None
    asked = site.post(
        "/answers",
        files={"text": (None, "effusion")},
        headers={**here, "HX-Request": "true", "X-CSRF-Token": token[1]},
    )
    assert asked.status_code == 200
    assert any(words in asked.text for words in ("cases alike", "Nearest", "No case found"))
    signed_out = site.post("/sign-out", data={"csrf_token": token[1]}, headers=here)
    assert signed_out.status_code < 400
    assert site.get("/collections", headers=PAGE).status_code == 303


def test_files_of_the_pages_are_kept_by_the_browser_and_pages_arent(site: TestClient) -> None:
    file = site.get("/static/page.js")
    assert file.headers["cache-control"] == "no-cache"
    again = site.get("/static/page.js", headers={"If-None-Match": file.headers["etag"]})
    assert again.status_code == 304
    assert site.get("/sign-in", headers=PAGE).headers["cache-control"] == "no-store"


def test_a_collection_is_its_owners_until_a_curator_shares_it(site: TestClient) -> None:
    owner, other, curator = (as_role(site, role, name) for role, name in ROLES_AND_NAMES)
    place = site.post("/collections", data={"title": "Mine"}, headers=owner).headers["location"]
    assert site.get(place, headers=owner).status_code == 200
    assert site.get(place, headers=other).status_code == 404
    assert site.post(place, data={"title": "Mine", "shared": "yes"}, headers=owner).status_code == 403
    shared = site.post("/collections", data={"title": "Ours"}, headers=curator).headers["location"]
    assert site.post(shared, data={"title": "Ours", "shared": "yes"}, headers=curator).status_code == 303
    was_curator = as_role(site, "reader", "curator")
    assert site.post(shared, data={"title": "Ours", "note": "x"}, headers=was_curator).status_code == 303
    assert "Change this collection" not in site.get(shared, headers=other).text
    assert site.post(shared, data={"title": "Theirs"}, headers=other).status_code == 403
    assert site.post(f"{shared}/entries/none", data={"action": "remove"}, headers=other).status_code == 403


def test_somebody_elses_search_isnt_there(site: TestClient) -> None:
    owner, other = as_role(site, "reader", "owner"), as_role(site, "reader", "other")
    asked = site.post("/answers", files={"text": (None, "effusion")}, headers=owner)
    assert asked.status_code == 303
    assert site.get(asked.headers["location"], headers=owner).status_code == 200
    assert site.get(asked.headers["location"], headers=other).status_code == 404


@pytest.fixture(scope="module")
def kept(site: TestClient, small_archive: Path) -> str:
    """A case with one film, of which the site keeps the DICOM file; its patient has no other."""
    rows = [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    patients = [row["patient_id"] for row in rows]
    row = next(row for row in rows if patients.count(row["patient_id"]) == 1)  # a list has one case of each patient
    tenant = site.app.state.service.tenants["default"]  # type: ignore[attr-defined]
    header = pydicom.dcmread(small_archive / row["image"], stop_before_pixels=True)
    file = KeptFile(
        file_sha256=store_file(tenant.files.folder, (small_archive / row["image"]).read_bytes()),
        kind="dicom",
        study_instance_uid=str(header.StudyInstanceUID),
        series_instance_uid=str(header.SeriesInstanceUID),
        sop_instance_uid=str(header.SOPInstanceUID),
        sop_class_uid=str(header.SOPClassUID),
    )
    content = tenant.archive.case(row["case_id"])[1][0].content_sha256
    tenant.files.put(row["case_id"], [KeptImage(content_sha256=content, files=(file,))])
    return str(row["case_id"])


def fields_of(page: str, case_id: str) -> dict[str, str]:
    """The hidden fields of a hit's export."""
    form = next(
        one for one in page.split("<form")[1:] if '"/exports"' in one and f'name="case" value="{case_id}"' in one
    )
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))


def test_a_hit_with_a_kept_file_is_saved_in_every_form_with_its_region_and_linked_to_another_viewer(
    site: TestClient, kept: str, small_archive: Path
) -> None:
    who = as_role(site, "reader")
    rows = [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    uids = {row["case_id"]: row["study_instance_uid"] for row in rows}
    asked = {"case": rows[-1]["case_id"], "at-1": "left lung", "limit": "50"}
    htmx = {**who, "HX-Request": "true"}
    answer = site.post("/answers", files={name: (None, value) for name, value in asked.items()}, headers=htmx).text
    link = f'href="https://ohif.example/viewer?StudyInstanceUIDs={uids[kept]}" target="_blank" rel="noopener"'
    assert answer.count("ohif.example") == answer.count('action="/exports"') == answer.count(link) == 1
    fields = fields_of(answer, kept)
    made = {}
    for form in ("key-objects", "segmentation", "region-report", "imaging-study"):
        reply = site.post("/exports", data={**fields, "form": form}, headers=who)
        assert reply.status_code == 200, reply.text
        assert form in reply.headers["content-disposition"]
        made[form] = reply.content
    x0, y0, x1, y1 = (int(value) for value in fields["box"].split(","))
    mask = pydicom.dcmread(io.BytesIO(made["segmentation"])).pixel_array
    assert mask.sum() == (x1 - x0) * (y1 - y0) == mask[y0:y1, x0:x1].sum() > 0
    assert pydicom.dcmread(io.BytesIO(made["segmentation"])).SegmentSequence[0].SegmentAlgorithmType == "AUTOMATIC"
    assert "left lung" in str(pydicom.dcmread(io.BytesIO(made["region-report"]))).lower()
    evidence = pydicom.dcmread(io.BytesIO(made["key-objects"])).CurrentRequestedProcedureEvidenceSequence
    assert [one.StudyInstanceUID for one in evidence] == [uids[kept]]
    assert uids[kept] in made["imaging-study"].decode()


def test_a_case_and_a_collection_offer_what_can_be_saved_of_them(
    site: TestClient, kept: str, small_archive: Path
) -> None:
    who = as_role(site, "reader", "owner")
    lines = (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    other = json.loads(lines[-1])["case_id"]
    assert ["/exports" in site.get(f"/cases/{case_id}", headers=who).text for case_id in (kept, other)] == [True, False]
    name = ""
    for case_id in (kept, other):
        said = {"case": case_id, "place": "left lung", "box": "5,6,25,36", "collection": name}
        collected = site.post("/collections/entries", data={**said, "title": "" if name else "Thursday"}, headers=who)
        name = collected.headers["location"].removeprefix("/collections/")
    page = site.get(f"/collections/{name}", headers=who).text
    assert re.findall(r"<option value=.*?>(.*?)<", page) == [
        "DICOM key objects: 1 of 2",
        "DICOM segmentation of the region: 1 of 2",
        "DICOM report of the region: 1 of 2",
        "FHIR ImagingStudy: 1 of 2",
    ]
    again = {"case": kept, "collection": name, "box": "1,2,3,4"}
    assert site.post("/collections/entries", data=again, headers=who).status_code == 303
    reply = site.post("/exports", data={"collection": name, "form": "segmentation"}, headers=who)
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        made = [pydicom.dcmread(io.BytesIO(packed.read(name))) for name in packed.namelist()]
    assert [int(np.count_nonzero(one.pixel_array)) for one in made] == [20 * 30, 2 * 2]
    assert [one.SegmentSequence[0].SegmentAlgorithmType for one in made] == ["AUTOMATIC", "MANUAL"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"form": "key-objects", "case": "none"}, 404),
        ({"form": "key-objects", "collection": "none"}, 404),
        ({"form": "pdf"}, 422),
        ({"form": "segmentation"}, 422),
        ({"form": "segmentation", "image": "7"}, 422),
        ({"form": "segmentation", "image": "0", "box": "a"}, 422),
        ({"form": "segmentation", "image": "0", "box": "9000,9000,9001,9001"}, 422),
    ],
)
def test_an_export_that_cant_be_made_is_refused_on_a_page(
    site: TestClient, kept: str, fields: dict[str, str], status: int
) -> None:
    reply = site.post("/exports", data={"case": kept, **fields}, headers=as_role(site, "reader"))
    assert (reply.status_code, "Not a diagnostic device" in reply.text) == (status, True)


def test_an_address_that_leads_nowhere_gets_a_page_and_a_program_a_problem_document(site: TestClient) -> None:
    who = as_role(site, "reader")
    assert "<h2>Not Found</h2>" in site.get("/cases/none", headers=who).text
    assert site.get("/v1/cases/none", headers=who).headers["content-type"] == "application/problem+json"
