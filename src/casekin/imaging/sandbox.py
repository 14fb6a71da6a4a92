"""Compressed frames and pictures are decoded in a child process: a hostile file may crash or hang a native decoder,
never casekin.

One child serves this process, one at a time; it is started with the first frame, has bounded memory and processor time,
can't write a file, and is replaced when it dies or exceeds its time.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from casekin.errors import ImageError

# On the clock, where a busy machine or a decoder that waits for nothing holds it up.
DECODE_TIMEOUT_S = 120.0
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from casekin.imaging import decoder_child as c; c.serve()"
)
LENGTHS = struct.Struct("<QQ")
_READ_STEP = 1 << 20


class DecoderError(Exception):
    """A frame couldn't be decoded: `reason` is an exception's name, `crashed` or `timed out`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DecoderProcess:
    """A child that decodes frames; `decode` may be called from several threads."""

    def __init__(self, *, timeout_s: float = DECODE_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def decode(self, description: Mapping[str, Any], frame: bytes) -> npt.NDArray[Any]:
        """Decode one frame. `description` holds the Image Pixel attributes by keyword and `TransferSyntaxUID`.

        Raises:
            DecoderError: the frame can't be decoded, the child crashed, or it took longer than the time allowed.
        """
        return self._decoded({"frame": dict(description)}, frame)[0]

    def decode_picture(self, raw: bytes, *, name: str, max_pixels: int) -> tuple[npt.NDArray[Any], bool]:
        """Decode a PNG or JPEG file into grey values; also whether they fill 8 bits.

        Raises:
            DecoderError: as `decode`.
            ImageError: the picture isn't one that casekin reads, or is larger than `max_pixels`.
        """
        return self._decoded({"picture": {"name": name, "max_pixels": max_pixels}}, raw)

    def _decoded(self, task: Mapping[str, Any], body: bytes) -> tuple[npt.NDArray[Any], bool]:
        with self._lock:
            child = self._running()
            try:
                reply, values = self._exchange(child, json.dumps(task).encode(), body)
            except (OSError, EOFError, struct.error, TimeoutError) as error:
                is_slow = isinstance(error, TimeoutError) or self._ended_by(child) == getattr(signal, "SIGXCPU", None)
                self.close()
                raise DecoderError("timed out" if is_slow else "crashed") from None
        if "refused" in reply:
            raise ImageError(str(reply["refused"]))
        if "error" in reply:
            raise DecoderError(str(reply["error"]))
        return np.frombuffer(values, dtype=np.dtype(reply["dtype"])).reshape(reply["shape"]), bool(reply["eight_bit"])

    @staticmethod
    def _ended_by(child: subprocess.Popen[bytes]) -> int | None:
        """The signal that ended the child, None where it still runs or ended by itself."""
        try:
            ended = child.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return None
        return -ended if ended < 0 else None

    def close(self) -> None:
        """End the child, if this process started one."""
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            child.kill()
            child.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self.close()
            self._owner = os.getpid()
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self._child

    def _exchange(self, child: subprocess.Popen[bytes], head: bytes, body: bytes) -> tuple[dict[str, Any], bytes]:
        if child.stdin is None or child.stdout is None:
            raise OSError("no pipe")
        send(child.stdin, head, body)
        deadline = time.monotonic() + self._timeout_s
        lengths = _receive(child.stdout, LENGTHS.size, deadline)
        head_length, body_length = LENGTHS.unpack(lengths)
        reply = json.loads(_receive(child.stdout, head_length, deadline))
        return reply, _receive(child.stdout, body_length, deadline)


def send(sink: IO[bytes], head: bytes, body: bytes) -> None:
    """Write a message: the lengths of its two parts (`LENGTHS`), a head in JSON, a body."""
    for part in (LENGTHS.pack(len(head), len(body)), head, body):
        view = memoryview(part)
        while len(view):
            view = view[sink.write(view) :]
    sink.flush()


def _receive(source: IO[bytes], length: int, deadline: float) -> bytes:
    parts, missing = [], length
    while missing:
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = source.read(min(missing, _READ_STEP))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


DECODER = DecoderProcess()
atexit.register(DECODER.close)
