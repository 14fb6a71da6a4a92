"""Two minutes of mutated inputs, and that the watch over them sees what it is there for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from casekin.errors import ImageError  # noqa: E402
from fuzz import run as fuzz_run  # noqa: E402
from fuzz.families import CANARY, Family, families  # noqa: E402
from fuzz.mutations import GENERAL, exchange, mend_png, mutate  # noqa: E402

SECONDS = 70.0
"""Of all families together, beside what their readers take to load."""


@pytest.mark.parametrize("family", sorted(families()))
def test_no_input_kills_hangs_or_raises_anything_but_our_errors(family: str, tmp_path: Path) -> None:
    words = ["--family", family, "--inputs", "10000000", "--seconds", str(SECONDS / len(families()))]
    out, keep = tmp_path / "record.json", Path(os.environ.get("CASEKIN_TEST_ARTEFACTS", tmp_path)) / "fuzz"
    command = [sys.executable, str(ROOT / "tools" / "fuzz" / "run.py"), *words, "--out", str(out), "--keep", str(keep)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=False, capture_output=True)
    found = json.loads(out.read_text(encoding="utf-8"))["families"][family]
    assert found["failures"] == [] and found["inputs"] >= 1, found
    assert found["peak_rss_mb"] < 1024
    ended = sum(count for outcome, count in found["outcomes"].items() if "crashed" in outcome or "timed out" in outcome)
    assert ended <= found["inputs"] / 10, "a decoder that dies of each input reads none"


def test_a_record_is_gone_on_with_and_counts_each_input_once(tmp_path: Path) -> None:
    noted: list[int] = []
    begun = fuzz_run.run_family("multipart", inputs=40, seed=3)
    whole = fuzz_run.run_family("multipart", inputs=100, seed=3, begun=begun, note=lambda r: noted.append(r["inputs"]))
    at_once = fuzz_run.run_family("multipart", inputs=100, seed=3)
    assert whole["outcomes"] == at_once["outcomes"] and sum(whole["outcomes"].values()) == 100
    assert noted == [100]


def test_a_mutated_conversation_keeps_its_lengths_where_only_its_data_change() -> None:
    import numpy as np

    from fuzz.network import association_mutations

    request = b"\x01\x00" + (5).to_bytes(4, "big") + b"asked"
    item = (6).to_bytes(4, "big") + b"\x01\x03data"
    seed = request + b"\x04\x00" + len(item).to_bytes(4, "big") + item
    for change in association_mutations()[:7]:
        for number in range(20):
            made = change(seed, np.random.default_rng(number))
            assert made.startswith(request)
            length = int.from_bytes(made[13:17], "big")
            assert len(made) == 17 + length and int.from_bytes(made[17:21], "big") == length - 4


def test_an_input_is_the_same_each_time_and_nearly_all_differ() -> None:
    made = [fuzz_run.make_input("nifti", number, seed=3) for number in range(50)]
    assert made == [fuzz_run.make_input("nifti", number, seed=3) for number in range(50)]
    assert len(set(made)) >= 45
    assert made != [fuzz_run.make_input("nifti", number, seed=4) for number in range(50)]


def test_a_mended_picture_has_its_checksums_again() -> None:
    import numpy as np

    (seed, *_), random = families()["png"].seeds(), np.random.default_rng(0)
    assert mend_png(seed, random) == seed
    changed = bytearray(seed)
    changed[17] ^= 1
    assert mend_png(bytes(changed), random) != bytes(changed)
    assert mutate([b"x"], GENERAL, random) is not None


@pytest.mark.parametrize(
    "family",
    ["config", "form", "manifest", "message", "multipart", "object", "question", "reader", "report"],
)
def test_what_is_mutated_is_sound_before(family: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    with ThreadPoolExecutor(1) as pool:  # an event loop of its own: tests in a browser leave theirs in this thread
        for seed in families()[family].seeds():
            pool.submit(families()[family].target, seed, folder).result()


def test_values_are_exchanged_without_breaking_what_frames_them() -> None:
    import numpy as np

    seed = json.dumps({"text": "left effusion", "limit": 3, "at": ["heart", "left lung"], "box": [1, 2.5]}).encode()
    made = [exchange(seed, np.random.default_rng(number)) for number in range(200)]
    sound = [json.loads(one) for one in made if is_json(one)]
    assert len(sound) >= 100 and len(set(made)) >= 60
    assert {type(one.get("limit")) for one in sound} >= {int, str, list, type(None)}
    assert exchange(b"{}", np.random.default_rng(0)) == b"{}"


def is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def spin(data: bytes, folder: Path) -> None:
    end = time.process_time() + 30
    while time.process_time() < end:
        pass


def die(data: bytes, folder: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stumble(data: bytes, folder: Path) -> None:
    raise ValueError("not ours")


def blurt(data: bytes, folder: Path) -> None:
    raise ImageError(f"{CANARY} has a bad header")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (spin, "more than"),
        (die, "death"),
        (stumble, "builtins.ValueError"),
        (blurt, "an error's text holds what was sent"),
    ],
)
def test_a_reader_that_fails_is_caught_and_its_input_kept(
    target: Callable[[bytes, Path], None], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_later(data: bytes, folder: Path) -> None:
        """The first call, which loads, comes through."""
        if (folder / "called").exists():
            target(data, folder)
        (folder / "called").touch()

    made = {"made": Family(seeds=lambda: [b"0123456789"], target=only_later)}
    monkeypatch.setattr(fuzz_run, "families", lambda: made)
    monkeypatch.setattr(fuzz_run, "_made", {})
    monkeypatch.setattr(fuzz_run, "HANG_S", 0.5)
    found = fuzz_run.run_family("made", inputs=1, seed=1, seconds=None, keep=tmp_path)
    assert [failure["number"] for failure in found["failures"]] == [0]
    assert why in found["failures"][0]["why"]
    assert (tmp_path / "made-1-0").read_bytes() == fuzz_run.make_input("made", 0, seed=1)
