"""Images are shown by the display's rules and sent as they are, from the file where it was kept, else its preview."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from PIL import Image

from casekin.api.schemas.image import ImageShape
from casekin.imaging import display_uint8, read_image
from casekin.site.files import KeptFile, KeptImage, store_file
from made_service import MadeSite

AT = "/v1/cases/case-1/images/0"


@pytest.fixture(scope="module")
def reader(site: MadeSite) -> TestClient:
    return site.client("reader of images")


def picture(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_stored_image_without_its_file_is_shown_by_its_preview(reader: TestClient, site: MadeSite) -> None:
    record = reader.get(AT).json()
    ImageShape.model_validate(record)
    assert (record["kept"], record["width"], record["window"]) == (False, 64, [0.0, 255.0])
    preview = picture(reader.get("/v1/cases/case-1/preview").content)
    np.testing.assert_array_equal(picture(reader.get(f"{AT}/frames/0").content), preview)
    assert reader.get("/v1/cases/case-1/images/1").status_code == 404
    assert reader.get("/v1/cases/nobody/images/0/frames/0").status_code == 404


def test_a_kept_file_is_shown_as_it_is(reader: TestClient, site: MadeSite) -> None:
    path, at = site.inbox.parent / "archive" / "case-4.png", "/v1/cases/case-4/images/0"
    found = site.tenant.archive.image("case-4", 0)
    assert found is not None
    name = store_file(site.tenant.files.folder, path.read_bytes())
    kept = KeptImage(content_sha256=found[0].content_sha256, files=(KeptFile(file_sha256=name, kind="png"),))
    site.tenant.files.put("case-4", [kept])
    image = read_image(path)
    assert reader.get(at).json()["kept"] is True
    np.testing.assert_array_equal(picture(reader.get(f"{at}/frames/0").content), display_uint8(image))
    raw, told = reader.get(f"{at}/pixels/0"), reader.get(at).json()["pixels"]
    values = np.frombuffer(raw.content, "<i2").reshape(told["height"], told["width"])
    np.testing.assert_array_equal(values * told["slope"] + told["intercept"], image.pixels)
    packed = reader.get(f"{at}/pixels/0", headers={"accept-encoding": "identity"})
    assert packed.content == raw.content and raw.headers["content-encoding"] == "gzip"


def test_window_inversion_viewport_and_format_are_applied(reader: TestClient) -> None:
    plain = picture(reader.get(f"{AT}/frames/0").content).astype(float)
    shown = picture(reader.get(f"{AT}/frames/0?center=100&width=100").content)
    np.testing.assert_array_equal(shown, np.rint(np.clip((plain - 50) / 100, 0, 1) * 255))
    inverted = picture(reader.get(f"{AT}/frames/0?center=100&width=100&invert=true").content)
    np.testing.assert_array_equal(inverted, 255 - shown)
    assert picture(reader.get(f"{AT}/frames/0?viewport=32,48").content).shape == (32, 32)
    assert reader.get(f"{AT}/frames/0?format=jpeg").headers["content-type"] == "image/jpeg"
    for wrong in ("center=1", "width=0&center=1", "viewport=0,3", "viewport=1", "format=gif", "center=nan&width=1"):
        assert reader.get(f"{AT}/frames/0?{wrong}").status_code == 422


def test_an_overlay_holds_the_boxes_that_the_index_has(reader: TestClient, site: MadeSite) -> None:
    found = site.tenant.archive.image("case-1", 0)
    assert found is not None
    root = ElementTree.fromstring(reader.get(f"{AT}/overlay").text)
    assert root.attrib["viewBox"] == "0 0 64 64"
    drawn = {rect[0].text: [float(rect.attrib[name]) for name in ("x", "y", "width", "height")] for rect in root}
    assert set(drawn) == {name.replace("_", " ") for name in found[0].boxes}
    box = found[0].boxes["left_lung"]  # the picture lies as its frontal view does
    assert drawn["left lung"] == pytest.approx([box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0], abs=0.06)
    assert len(ElementTree.fromstring(reader.get(f"{AT}/overlay?at=left lung&at=right lung").text)) == 2
    assert reader.get(f"{AT}/overlay?at=moon").status_code == 422
