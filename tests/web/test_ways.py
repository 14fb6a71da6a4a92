"""What a case's region can be saved as: each form that its kept files and its kind of image allow, and no other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from casekin.types import Box
from casekin.web.ways import Chosen, ways_out

ALL = ["key-objects", "segmentation", "region-report", "imaging-study"]
WHOLE = ["key-objects", "imaging-study"]


def tenant(kind: str, files: int) -> Any:
    """A tenant with one case of one image that has so many kept DICOM files."""
    held = [SimpleNamespace(kind="dicom", study_instance_uid="2.25.1")] * files
    image = SimpleNamespace(content_sha256="c", kind=kind, files=held)
    return SimpleNamespace(
        archive=SimpleNamespace(case=lambda _: (None, (image,))),
        files=SimpleNamespace(images_of=lambda _: [image]),
        config=SimpleNamespace(viewer_link=None),
    )


@pytest.mark.parametrize(
    ("kind", "files", "with_region"),
    [
        ("radiograph", 1, ALL),
        ("radiograph", 30, WHOLE),  # a volume that was encoded as its projection
        ("ct", 30, ALL),
        ("ct", 1, ALL),  # the frames of one file
    ],
)
def test_a_region_is_saved_in_every_form_that_its_image_takes(kind: str, files: int, with_region: list[str]) -> None:
    region = Chosen(case_id="c", image=0, box=Box(x0=0, y0=0, x1=9, y1=9))
    for chosen, forms in ((region, with_region), (Chosen(case_id="c", image=0), WHOLE)):
        found = ways_out(tenant(kind, files), chosen)
        assert found is not None and [form for form, _ in found.forms] == forms
    assert ways_out(tenant(kind, 0), region) is None
