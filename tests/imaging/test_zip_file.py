"""A ZIP of one study: unpacked by what it holds, not by what it says."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from casekin.errors import ImageError
from casekin.imaging.limits import ReadLimits
from casekin.imaging.zip_file import unpack_zip
from made_climbs import climbs


def made_zip(folder: Path, files: Mapping[str, bytes], **how: int) -> Path:
    """A ZIP of files by name."""
    path = folder / "study.zip"
    with zipfile.ZipFile(path, "w", **{"compression": zipfile.ZIP_DEFLATED, **how}) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, compress_type=how.get("compression", zipfile.ZIP_DEFLATED))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    return tmp_path / "in" / "deep"


def test_files_come_out_in_their_order_under_names_of_ours(tmp_path: Path, folder: Path) -> None:
    path = made_zip(tmp_path, {"b/2.dcm": b"two", "a/1.dcm": b"one", "a/": b""})
    assert [(file.name, file.read_bytes()) for file in unpack_zip(path, folder)] == [("0000", b"two"), ("0001", b"one")]


def test_no_name_leads_out_of_the_folder(tmp_path: Path, folder: Path) -> None:
    path = made_zip(tmp_path, dict.fromkeys(climbs(), b"climbed"))
    before = set(tmp_path.rglob("*"))
    written = unpack_zip(path, folder)
    assert set(tmp_path.rglob("*")) - before == set(written)
    assert all(file.parent == folder and file.name.isdigit() for file in written)


def test_a_link_is_passed_over(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "study.zip"
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(link, "/etc/hostname")
        packed.writestr("film", b"film")
    assert [file.read_bytes() for file in unpack_zip(path, folder)] == [b"film"]


def test_a_bomb_ends_at_the_limit_and_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    path = made_zip(tmp_path, {f"{i}": bytes(30_000_000) for i in range(5)})
    assert path.stat().st_size < 200_000
    with pytest.raises(ImageError, match="unfolds to more"):
        unpack_zip(path, folder)
    assert list(folder.iterdir()) == []


def test_a_length_that_lies_is_not_believed(tmp_path: Path, folder: Path) -> None:
    path = made_zip(tmp_path, {"film": bytes(1_000_000)})
    data = path.read_bytes().replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))
    path.write_bytes(data)
    with pytest.raises(ImageError):
        unpack_zip(path, folder)
    assert list(folder.iterdir()) == []


def test_files_that_lie_over_each_other_are_refused(tmp_path: Path, folder: Path) -> None:
    """The construction behind bombs that need no nesting: many entries over one packed stream."""
    path = made_zip(tmp_path, {"kernel": bytes(100_000) + b"x" * 50})
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<L", data[end + 16 : end + 20])[0]
    entries = data[start:end] * 50
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 50, 50)
    tail[12:16] = struct.pack("<L", len(entries))
    path.write_bytes(data[:start] + entries + bytes(tail))
    with pytest.raises(ImageError, match="lie over each other"):
        unpack_zip(path, folder)


def test_too_many_files_another_packing_and_passwords_are_refused(tmp_path: Path, folder: Path) -> None:
    many = made_zip(tmp_path, {str(i): b"" for i in range(20)})
    with pytest.raises(ImageError, match="20 files"):
        unpack_zip(many, folder, limits=ReadLimits(max_series_files=10))
    with pytest.raises(ImageError, match="unusual"):
        unpack_zip(made_zip(tmp_path, {"x": b"x" * 100}, compression=zipfile.ZIP_LZMA), folder)
    locked = bytearray(made_zip(tmp_path, {"x": b"x" * 100}).read_bytes())
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "study.zip").write_bytes(bytes(locked))
    with pytest.raises(ImageError, match="protected"):
        unpack_zip(tmp_path / "study.zip", folder)


def crowded(path: Path, times: int, *, in_zip64: bool) -> None:
    """Write a ZIP's directory so many times, and an end that says so."""
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    directory = data[start:end] * times
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times % 65536, times % 65536, len(directory), start, 0)
    if in_zip64:
        told = (44, 45, 45, 0, 0, times, times, len(directory), start)
        tail = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *told)
        tail += struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(directory), 1)
        tail += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(data[:start] + directory + tail)


@pytest.mark.parametrize("in_zip64", [False, True])
def test_a_directory_longer_than_its_files_need_is_refused_before_it_is_read(
    tmp_path: Path, folder: Path, in_zip64: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made_zip(tmp_path, {"film": b"x"})
    crowded(path, 1, in_zip64=in_zip64)
    assert [file.read_bytes() for file in unpack_zip(path, folder)] == [b"x"]
    (folder / "0000").unlink()
    crowded(made_zip(tmp_path, {"film": b"x"}), 40_000, in_zip64=in_zip64)
    made: list[zipfile.ZipInfo] = []
    monkeypatch.setattr(zipfile.ZipInfo, "_decodeExtra", lambda entry, *_: made.append(entry))
    with pytest.raises(ImageError, match="its directory has"):
        unpack_zip(path, folder, limits=ReadLimits(max_series_files=100))
    assert not made


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"x" * 1000])
def test_what_is_no_zip_or_an_empty_one_is_refused(data: bytes, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "study.zip").write_bytes(data)
    with pytest.raises(ImageError):
        unpack_zip(tmp_path / "study.zip", folder)


def test_a_zip_inside_stays_a_file(tmp_path: Path, folder: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("a", b"a")
    (only,) = unpack_zip(made_zip(tmp_path, {"inner.zip": inner.getvalue()}), folder)
    assert only.read_bytes() == inner.getvalue()


def test_a_directory_that_leads_before_the_files_beginning_is_a_damaged_zip(tmp_path: Path, folder: Path) -> None:
    path = made_zip(tmp_path, {"film": b"film"})
    data = bytearray(path.read_bytes())
    start = struct.unpack_from("<L", data, len(data) - 6)[0]
    struct.pack_into("<L", data, len(data) - 6, start + 1000)
    path.write_bytes(data)
    with pytest.raises(ImageError, match="damaged"):
        unpack_zip(path, folder)
    assert list(folder.iterdir()) == []
