"""Kept files: stored once, found by case and UID, gone with the last case that holds them."""

from __future__ import annotations

import hashlib
import io
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from casekin.errors import SiteError
from casekin.site.books import Books
from casekin.site.files import KeptFile, KeptFiles, KeptImage, store_file
from casekin.site.times import DAY_S


@pytest.fixture
def kept(tmp_path: Path) -> KeptFiles:
    return KeptFiles(Books(tmp_path / "site"))


def _stored(kept: KeptFiles, data: bytes, **uids: str) -> KeptFile:
    kind = "dicom" if uids else "png"
    return KeptFile(file_sha256=store_file(kept.folder, data), kind=kind, **uids)


def _all_bytes(kept: KeptFiles) -> set[bytes]:
    return {path.read_bytes() for path in kept.folder.rglob("*") if path.is_file()}


def test_a_file_lies_under_the_hash_of_its_bytes_and_only_once(kept: KeptFiles) -> None:
    first, second = _stored(kept, b"film"), _stored(kept, b"film")
    assert first == second
    assert first.file_sha256 == hashlib.sha256(b"film").hexdigest()
    assert kept.path_of(first).read_bytes() == b"film"
    assert len(_all_bytes(kept)) == 1


def test_a_series_comes_back_in_its_order(kept: KeptFiles) -> None:
    files = tuple(_stored(kept, data) for data in (b"slice 3", b"slice 1", b"slice 2"))
    kept.put("case-1", [KeptImage(content_sha256="c1", files=files)])
    assert kept.images_of("case-1") == [KeptImage(content_sha256="c1", files=files)]
    assert [path.read_bytes() for path in kept.paths_of("case-1", "c1")] == [b"slice 3", b"slice 1", b"slice 2"]
    assert kept.paths_of("case-1", "c2") == ()
    assert kept.images_of("another") == []


def test_a_kept_image_is_read_and_one_that_was_not_kept_is_none(kept: KeptFiles) -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "PNG")
    kept.put("case/1", [KeptImage(content_sha256="c1", files=(_stored(kept, packed.getvalue()),))])
    image = kept.image_of("case/1", "c1")
    assert image is not None
    np.testing.assert_array_equal(image.pixels, pixels)
    assert kept.image_of("case/1", "c2") is None


def test_an_image_put_again_replaces_its_files(kept: KeptFiles) -> None:
    kept.put("a", [KeptImage(content_sha256="c", files=(_stored(kept, b"old"), _stored(kept, b"old too")))])
    kept.put("a", [KeptImage(content_sha256="c", files=(_stored(kept, b"new"),))])
    assert _all_bytes(kept) == {b"new"}


def test_an_erased_case_leaves_no_byte_but_what_another_case_holds(kept: KeptFiles) -> None:
    shared, own = _stored(kept, b"shared"), _stored(kept, b"own")
    kept.put("a", [KeptImage(content_sha256="c1", files=(shared,)), KeptImage(content_sha256="c2", files=(own,))])
    kept.put("b", [KeptImage(content_sha256="c1", files=(shared,))])
    assert kept.forget({"a", "unknown"}) == 1
    assert _all_bytes(kept) == {b"shared"}
    assert kept.images_of("a") == []
    assert kept.forget({"b"}) == 1
    assert _all_bytes(kept) == set()


def test_instances_are_found_by_any_of_their_uids(kept: KeptFiles) -> None:
    def instance(study: str, series: str, sop: str) -> KeptFile:
        uids = {"study_instance_uid": study, "series_instance_uid": series, "sop_instance_uid": sop}
        return _stored(kept, sop.encode(), **uids)

    one, two, three = instance("1", "1.1", "1.1.1"), instance("1", "1.1", "1.1.2"), instance("2", "2.1", "2.1.1")
    kept.put("a", [KeptImage(content_sha256="c1", files=(two, one))])
    kept.put("b", [KeptImage(content_sha256="c2", files=(three,))])
    kept.put("c", [KeptImage(content_sha256="c3", files=(_stored(kept, b"a picture without UIDs"),))])
    assert [found.file for found in kept.instances()] == [one, two, three]
    assert [found.file for found in kept.instances(study_instance_uid="1")] == [one, two]
    assert [found.case_id for found in kept.instances(sop_instance_uid="2.1.1")] == ["b"]
    assert kept.instances(study_instance_uid="1", series_instance_uid="2.1") == []


def test_a_study_that_joins_another_case_takes_its_files_along(kept: KeptFiles) -> None:
    file = _stored(kept, b"film")
    kept.put("loose", [KeptImage(content_sha256="c", files=(file,))])
    kept.rename("loose", "named")
    assert kept.images_of("loose") == []
    assert kept.images_of("named") == [KeptImage(content_sha256="c", files=(file,))]


def test_an_erasure_takes_what_an_interrupted_ingest_left_and_not_what_one_under_way_stores(
    kept: KeptFiles,
) -> None:
    kept.put("a", [KeptImage(content_sha256="c", files=(_stored(kept, b"named"),))])
    store_file(kept.folder, b"never named")
    assert kept.forget(["b"]) == 0
    a_day_later = KeptFiles(Books(kept.folder.parent), clock=lambda: time.time() + DAY_S)
    assert a_day_later.forget(["b"]) == 1
    assert _all_bytes(kept) == {b"named"}


def test_a_file_that_is_not_stored_is_never_named(kept: KeptFiles) -> None:
    missing = KeptFile(file_sha256="0" * 64, kind="png")
    with pytest.raises(SiteError, match="ingest the images again"):
        kept.put("a", [KeptImage(content_sha256="c", files=(_stored(kept, b"there"), missing))])
    assert kept.images_of("a") == []
