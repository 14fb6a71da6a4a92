"""An image that was sent once answers questions as a file does, to its sender alone."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from casekin.api.schemas.image import UploadShape
from imaging.samples import CT, dataset_of
from made_cases import chest_picture
from made_service import MadeSite


def png(seed: int) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(chest_picture(seed, size=96)).save(packed, "PNG")
    return packed.getvalue()


def volume(slices: int) -> bytes:
    """A small NIfTI volume of noise."""
    import nibabel as nib

    values = np.random.default_rng(3).normal(0.0, 400.0, (12, 10, slices)).astype(np.float32)
    return nib.Nifti1Image(values, np.diag([2.0, 2.0, 3.0, 1.0])).to_bytes()


def write_series(folder: Path, *, slices: int) -> list[Path]:
    """A CT series of noise as DICOM files."""
    noise = np.random.default_rng(5).integers(0, 2000, (slices, 16, 16)).astype(np.uint16)
    paths = []
    for number, plane in enumerate(noise):
        where = {"ImagePositionPatient": [-8.0, -8.0, 2.5 * number], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
        values = {"SeriesInstanceUID": "1.2.3", "SOPInstanceUID": f"1.2.3.{number}", "PixelSpacing": [1.0, 1.0]}
        dataset = dataset_of(plane, sop_class=CT, RescaleSlope=1, RescaleIntercept=-1024, **where, **values)
        paths.append(folder / f"{number}.dcm")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths


@pytest.fixture(scope="module")
def ana(site: MadeSite) -> TestClient:
    return site.client("ana of uploads")


@pytest.fixture(scope="module")
def ben(site: MadeSite) -> TestClient:
    return site.client("ben of uploads")


def sent(client: TestClient, content: bytes) -> dict[str, object]:
    reply = client.post("/v1/uploads", files={"image": ("Doe^Jane.png", content)})
    assert reply.status_code == 201, reply.text
    UploadShape.model_validate_json(reply.text)
    record: dict[str, object] = reply.json()
    return record


def without(answer: str, *names: str) -> str:
    for name in ("took_ms", *names):
        answer = re.sub(rf'"{name}": ("[^"]*"|[0-9.]+)', f'"{name}": 0', answer)
    return answer


def test_an_upload_is_named_by_its_bytes_and_described(ana: TestClient) -> None:
    content = png(21)
    record = sent(ana, content)
    assert record["upload_id"] == hashlib.sha256(content).hexdigest()
    assert (record["width"], record["height"], record["frames"], record["kind"]) == (96, 96, 1, "picture")
    assert ana.get(f"/v1/uploads/{record['upload_id']}").json() == record
    raw = ana.post("/v1/uploads", content=content, headers={"content-type": "image/png"})
    assert raw.json()["upload_id"] == record["upload_id"]


@pytest.mark.parametrize("question", [{"at": ["left lower lobe"], "limit": 3}, {"box": [10, 20, 50, 80]}, {}])
def test_a_question_by_upload_has_the_answer_of_the_file(ana: TestClient, question: dict[str, object]) -> None:
    content = png(22)
    record = sent(ana, content)
    by_upload = ana.post("/v1/searches", json={**question, "upload": record["upload_id"]})
    fields = {name: ",".join(map(str, value)) if name == "box" else value for name, value in question.items()}
    by_file = ana.post("/v1/searches", data=fields, files={"image": ("a.png", content)})
    assert by_upload.status_code == by_file.status_code == 200
    assert without(by_upload.text, "image") == without(by_file.text, "image")


def test_a_recipe_of_an_upload_is_repeated_with_the_upload(ana: TestClient) -> None:
    record = sent(ana, png(23))
    first = ana.post("/v1/searches", json={"upload": record["upload_id"], "at": ["right lung"]})
    again = ana.post("/v1/searches", json={"upload": record["upload_id"], "recipe": first.json()["recipe"]})
    assert without(again.text) == without(first.text)


def test_somebody_elses_upload_is_no_upload(ana: TestClient, ben: TestClient) -> None:
    mine = sent(ana, png(24))["upload_id"]
    for address in ("", "/frames/0", "/pixels/0", "/thumbnail", "/overlay"):
        assert ana.get(f"/v1/uploads/{mine}{address}").status_code == 200
        assert ben.get(f"/v1/uploads/{mine}{address}").status_code == 404
    assert ben.post("/v1/searches", json={"upload": mine}).status_code == 422
    assert ben.delete(f"/v1/uploads/{mine}").status_code == 404
    assert ana.delete(f"/v1/uploads/{mine}").status_code == 204
    assert ana.get(f"/v1/uploads/{mine}").status_code == 404
    assert ana.post("/v1/searches", json={"upload": mine}).status_code == 422


def test_a_stored_image_that_is_sent_again_is_recognised(ana: TestClient, site: MadeSite) -> None:
    stored = (site.inbox.parent / "archive" / "case-2.png").read_bytes()
    assert sent(ana, stored)["stored_as"] == ["case-2"]


def test_a_volume_comes_with_its_frontal_projection(ana: TestClient) -> None:
    record = sent(ana, volume(6))
    assert (record["kind"], record["frames"], record["width"], record["height"]) == ("volume", 6, 12, 10)
    assert record["frontal"] is not None
    at = f"/v1/uploads/{record['upload_id']}"
    assert ana.get(f"{at}/frames/frontal").status_code == ana.get(f"{at}/pixels/5").status_code == 200
    assert ana.get(f"{at}/frames/6").status_code == ana.get(f"{at}/pixels/77777").status_code == 404
    assert Image.open(io.BytesIO(ana.get(f"{at}/thumbnail").content)).format == "JPEG"


def test_a_series_in_a_zip_or_as_many_files_is_one_volume(ana: TestClient, tmp_path: Path) -> None:
    files = write_series(tmp_path, slices=5)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in files:
            archive.write(path, f"../../{path.name}")
    by_zip = sent(ana, packed.getvalue())
    many = ana.post("/v1/uploads", files=[("image", (path.name, path.read_bytes())) for path in reversed(files)]).json()
    assert by_zip["kind"] == many["kind"] == "volume" and many["frames"] == 5
    names = {"upload_id", "expires"}
    assert {name: by_zip[name] for name in by_zip.keys() - names} == {name: many[name] for name in many.keys() - names}
    pixels = [ana.get(f"/v1/uploads/{one['upload_id']}/pixels/2").content for one in (by_zip, many)]
    assert pixels[0] == pixels[1]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"", 400, "nothing"), (b"PK\x03\x04 zipped", 422, "damaged"), (b"no image", 422, "unknown format")],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    ana: TestClient, site: MadeSite, content: bytes, status: int, words: str
) -> None:
    reply = ana.post("/v1/uploads", files={"image": ("Doe^Jane.dcm", content)})
    assert reply.status_code == status and words in reply.json()["detail"]
    assert "Doe" not in reply.text
    assert ana.get(f"/v1/uploads/{hashlib.sha256(content).hexdigest()}").status_code == 404
    folders = {path.parent.name for path in (site.tenant.books.folder / "uploads").glob("*/series")}
    with site.tenant.books.reading() as db:
        assert folders == {row[0] for row in db.execute("SELECT folder FROM uploads")}


def test_a_question_has_one_image(ana: TestClient) -> None:
    upload = sent(ana, png(21))["upload_id"]
    for fields in ({"upload": upload, "case": "case-1"}, {"image": 1, "text": "nodule"}, {"case": "nobody"}):
        assert ana.post("/v1/searches", json=fields).status_code == 422
