"""Compressed frames and pictures are decoded in a child process: a hostile file may crash or hang a native decoder,
never casekin.

One child serves this process, one at a time; it is started with the first frame, has bounded memory and processor time,
can't write a file, and is replaced when it dies or exceeds its time.
"""

from __future__ import annotations

import atexit
import json
import math
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

# Processor time for one frame: a megapixel of JPEG 2000 takes openjpeg about 0.25 s on one core.
FRAME_CPU_S = 4.0
MEGAPIXEL_CPU_S = 0.6
# On the clock, where a busy machine or a decoder that waits for nothing holds it up.
DECODE_TIMEOUT_S = 120.0
# Address space of the child: libraries map about 2 GiB, the decoder may use the rest.
CHILD_MEMORY_BYTES = 6 * 1024**3
MOST_OPEN_FILES = 64
# Decoders that hold out against damaged input come first. GDCM aborts the process on some, so it only gets what no
# other can decode (lossless JPEG, T.81 process 14).
_PLUGINS = {
    "1.2.840.10008.1.2.4.50": "pillow",
    "1.2.840.10008.1.2.4.80": "pyjpegls",
    "1.2.840.10008.1.2.4.81": "pyjpegls",
    "1.2.840.10008.1.2.4.90": "pylibjpeg",
    "1.2.840.10008.1.2.4.91": "pylibjpeg",
    "1.2.840.10008.1.2.4.201": "pylibjpeg",
    "1.2.840.10008.1.2.4.202": "pylibjpeg",
    "1.2.840.10008.1.2.4.203": "pylibjpeg",
    "1.2.840.10008.1.2.5": "pylibjpeg",
}
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from casekin.imaging.sandbox import serve; serve()"
_LENGTHS = struct.Struct("<QQ")
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
        _send(child.stdin, head, body)
        deadline = time.monotonic() + self._timeout_s
        lengths = _receive(child.stdout, _LENGTHS.size, deadline)
        head_length, body_length = _LENGTHS.unpack(lengths)
        reply = json.loads(_receive(child.stdout, head_length, deadline))
        return reply, _receive(child.stdout, body_length, deadline)


def serve() -> None:
    """The child's life: frames on stdin, arrays on stdout, until the pipe closes."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a decoder prints must not reach the answers
    _limit_resources()
    while True:
        lengths = source.read(_LENGTHS.size)
        if len(lengths) < _LENGTHS.size:
            return
        head_length, body_length = _LENGTHS.unpack(lengths)
        task = json.loads(source.read(head_length))
        body = source.read(body_length)
        try:
            values, eight_bit = _do(task, body)
            values = np.ascontiguousarray(values)
            head = {"dtype": values.dtype.str, "shape": values.shape, "eight_bit": eight_bit}
            _send(sink, json.dumps(head).encode(), values.tobytes())
        except ImageError as error:
            _send(sink, json.dumps({"refused": str(error)}).encode(), b"")
        except BaseException as error:  # a panic of the Rust RLE decoder derives from BaseException
            _send(sink, json.dumps({"error": type(error).__name__}).encode(), b"")


def _do(task: Mapping[str, Any], body: bytes) -> tuple[npt.NDArray[Any], bool]:
    if "frame" in task:
        pixels = int(task["frame"].get("Rows", 0)) * int(task["frame"].get("Columns", 0))
        _limit_time(pixels)
        return decode_here(task["frame"], body), False
    from casekin.imaging.raster import grey_values

    _limit_time(int(task["picture"]["max_pixels"]) // 10)  # a picture's own size isn't known before it is opened
    return grey_values(body, **task["picture"])


def decode_here(description: Mapping[str, Any], frame: bytes) -> npt.NDArray[Any]:
    """Decode a frame in this process; YBR becomes RGB. Raises whatever the decoder raises."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.pixels.utils import pixel_array

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = description["TransferSyntaxUID"]
    for keyword, value in description.items():
        if keyword != "TransferSyntaxUID":
            setattr(dataset, keyword, value)
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR = "OB"
    plugin = _PLUGINS.get(description["TransferSyntaxUID"], "")
    return np.asarray(pixel_array(dataset, decoding_plugin=plugin))


def _send(sink: IO[bytes], head: bytes, body: bytes) -> None:
    for part in (_LENGTHS.pack(len(head), len(body)), head, body):
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


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # pipes aren't files: answers still go out
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES, MOST_OPEN_FILES))


def _limit_time(pixels: int) -> None:
    """End this process once the present frame has used its processor time."""
    try:
        import resource
    except ImportError:
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    allowed = FRAME_CPU_S + MEGAPIXEL_CPU_S * pixels / 1e6
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + allowed), resource.RLIM_INFINITY))


DECODER = DecoderProcess()
atexit.register(DECODER.close)
