"""Uploads belong to one person, for an hour, within their share of the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from casekin.site import uploads as module
from casekin.site.books import Books
from casekin.site.uploads import Upload, Uploads


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def uploads(tmp_path: Path, watch: Watch) -> Uploads:
    return Uploads(Books(tmp_path), lifetime_s=60.0, clock=watch)


def received(uploads: Uploads, content: bytes, subject: str) -> Upload | None:
    """One file, sent by a subject."""
    draft = uploads.prepare()
    (draft / "image").write_bytes(content)
    return uploads.keep(draft, upload_id=hashlib.sha256(content).hexdigest(), subject=subject)


def test_an_upload_is_found_by_its_sender_alone_and_for_its_time_alone(uploads: Uploads, watch: Watch) -> None:
    kept = received(uploads, b"pixels", "ana")
    assert kept is not None
    found = uploads.open(kept.upload_id, "ana")
    assert found is not None
    assert (found.source.read_bytes(), found.expires) == (b"pixels", 1060.0)
    assert uploads.open(kept.upload_id, "ben") is None
    watch.now = 1060.0
    assert uploads.open(kept.upload_id, "ana") is None
    assert uploads.purge() == 1
    assert not found.source.exists()


def test_the_same_file_of_two_people_is_two_uploads_and_sent_again_it_lives_on(uploads: Uploads, watch: Watch) -> None:
    first, other = received(uploads, b"x", "ana"), received(uploads, b"x", "ben")
    assert first is not None and other is not None and first.source != other.source
    watch.now += 30
    again = received(uploads, b"x", "ana")
    assert again is not None and again.expires == 1090.0
    assert not first.source.exists()
    assert uploads.remove(again.upload_id, "ana")
    assert not uploads.remove(again.upload_id, "ana")
    assert uploads.open(other.upload_id, "ben") is not None


def test_files_of_a_series_are_one_upload_read_as_a_folder(uploads: Uploads) -> None:
    draft = uploads.prepare()
    for number in range(3):
        (draft / f"image-{number}").write_bytes(b"slice")
    kept = uploads.keep(draft, upload_id="ab" * 32, subject="ana")
    assert kept is not None and len(kept.files) == 3
    assert kept.source.is_dir() and sorted(kept.source.iterdir()) == list(kept.files)


def test_one_persons_uploads_have_a_bound_that_others_do_not_fill(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    assert received(uploads, b"12345678", "ana") is not None
    assert received(uploads, b"abc", "ana") is None
    assert received(uploads, b"abc", "ben") is not None
    assert received(uploads, b"12345678", "ana") is not None


def test_a_file_of_a_form_becomes_an_upload_named_by_its_bytes(uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "form").write_bytes(b"pixels")
    kept = uploads.keep_file(tmp_path / "form", subject="ana")
    assert kept is not None and kept.upload_id == hashlib.sha256(b"pixels").hexdigest()
    assert not (tmp_path / "form").exists()


def test_what_was_cut_off_is_swept_up_later_and_an_erasure_takes_all(
    uploads: Uploads, watch: Watch, tmp_path: Path
) -> None:
    draft = uploads.prepare()
    watch.now = draft.stat().st_mtime + 30
    uploads.purge()
    assert draft.exists()
    watch.now += 60
    Uploads(Books(tmp_path), lifetime_s=60.0, clock=watch)
    assert not draft.exists()
    received(uploads, b"a", "ana"), received(uploads, b"b", "ben")
    assert uploads.forget([]) == 0
    assert uploads.forget(["case"]) == 2
