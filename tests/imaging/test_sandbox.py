"""The child that decodes: what it may use, and what becomes of one that doesn't keep to it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from casekin.errors import ImageError
from casekin.imaging import decoder_child, sandbox
from casekin.imaging.sandbox import DecoderError, DecoderProcess

DEATHS = 1000 if os.environ.get("CASEKIN_TEST_THOROUGH") else 20
FRAME = {"TransferSyntaxUID": "1.2.840.10008.1.2.5", "Rows": 4, "Columns": 4}
Misbehaving = Callable[[str], DecoderProcess]


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Misbehaving]:
    """`misbehaving(body)`: a child whose decoder for frames is this function body."""
    made: list[DecoderProcess] = []

    def start(body: str) -> DecoderProcess:
        define = f"import os\ndecoder_child.FRAME_CPU_S = 0.2\ndef decode(description, frame):\n    {body}\n"
        code = sandbox._START.partition("from casekin")[0]
        code += (
            "from casekin.imaging import decoder_child\n"
            + define
            + "decoder_child.decode_here = decode\ndecoder_child.serve()"
        )
        monkeypatch.setattr(sandbox, "_START", code)
        made.append(DecoderProcess())
        return made[-1]

    yield start
    for decoder in made:
        decoder.close()


def png(size: tuple[int, int] = (6, 5)) -> bytes:
    """A picture of zeros."""
    out = io.BytesIO()
    Image.new("L", size).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("while True: pass", "timed out"),
        ("os.kill(os.getpid(), 11)", "crashed"),
        ("os._exit(0)", "crashed"),
        ("raise KeyError(frame)", "KeyError"),
        ("return bytearray(7 * 1024**3)", "MemoryError"),
        ("open('written', 'wb', buffering=0).write(b'x')", "OSError"),
        ("return [open('/dev/null') for _ in range(100)]", "OSError"),
    ],
)
def test_a_decoder_that_goes_astray_is_one_error_and_the_next_frame_is_decoded(
    body: str, reason: str, misbehaving: Misbehaving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    decoder = misbehaving(body)
    with pytest.raises(DecoderError, match=reason):
        decoder.decode(FRAME, b"")
    assert decoder.decode_picture(png(), name="x", max_pixels=100)[0].shape == (5, 6)
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0


def test_a_picture_over_the_limit_is_refused_by_name_before_it_is_decoded() -> None:
    decoder = DecoderProcess()
    with pytest.raises(ImageError, match=r"film\.png.*100 pixels"):
        decoder.decode_picture(png((50, 50)), name="film.png", max_pixels=100)
    decoder.close()


def test_a_process_that_may_use_less_than_its_decoder_still_decodes() -> None:
    """A service's own limits, of a container or a unit, can't be raised by the child: they hold for it as they are."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30));"
        "resource.setrlimit(resource.RLIMIT_CPU, (30, 30));"
        "from casekin.imaging.sandbox import DECODER;"
        "print(DECODER.decode_picture(sys.stdin.buffer.read(), name='x', max_pixels=100)[0].shape)"
    )
    ran = subprocess.run([sys.executable, "-c", code], input=png(), capture_output=True, check=False)
    assert ran.stdout == b"(5, 6)\n", ran.stderr


def test_readers_in_many_threads_outlive_children_that_die_all_the_time(misbehaving: Misbehaving) -> None:
    decoder = misbehaving("os.kill(os.getpid(), 9)")
    wrong: list[str] = []

    def read(die: bool) -> None:
        for _ in range(DEATHS // 2):
            try:
                if die:
                    decoder.decode(FRAME, b"")
                    wrong.append("a dead child answered")
                elif not np.array_equal(decoder.decode_picture(png(), name="x", max_pixels=100)[0], np.zeros((5, 6))):
                    wrong.append("another picture")
            except DecoderError as error:
                if not die or error.reason != "crashed":
                    wrong.append(f"{die} {error.reason}")

    threads = [threading.Thread(target=read, args=(die,)) for die in (True, True, False, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_few_bytes_get_little_time_whatever_size_they_claim_and_a_film_gets_enough() -> None:
    """A JPEG 2000 frame of one megapixel takes a quarter of a second; more than 5 s of a small file is a hang."""
    assert decoder_child.cpu_seconds(16_000_000, 738) + 1.0 < 5.0  # the limit counts whole seconds
    assert decoder_child.cpu_seconds(16_000_000, 8_000_000) >= 16 * 0.25 * 3
