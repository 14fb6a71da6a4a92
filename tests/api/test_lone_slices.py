"""One slice of a CT that was uploaded: it can be looked at, and no answer to it counts as comparable."""

from __future__ import annotations

from pathlib import Path

from api.test_uploads import write_series
from made_service import MadeSite


def test_a_lone_slice_is_shown_and_answers_to_it_say_that_it_is_neither_film_nor_volume(
    site: MadeSite, tmp_path: Path
) -> None:
    client = site.client("cleo of slices")
    (path,) = write_series(tmp_path, slices=1)
    sent = client.post("/v1/uploads", files={"image": ("slice.dcm", path.read_bytes())})
    assert sent.status_code == 201
    upload = sent.json()["upload_id"]
    assert client.get(f"/v1/uploads/{upload}/frames/0").status_code == 200
    for route in ("/v1/searches", "/v1/drafts"):
        told = client.post(route, json={"upload": upload, "at": ["right lung"]}).json()
        assert told["verdict"] == "out_of_distribution", told
        assert "one picture of CT" in told["verdict_reason"] and "all slices of its series" in told["verdict_reason"]
    asked = {"upload": (None, upload), "at": (None, "right lung")}
    page = client.post("/answers", files=asked, headers={"accept": "text/html"})
    assert page.status_code == 200 and "one picture of CT" in page.text
