"""The child that decodes for a process (`sandbox`): frames and pictures on stdin, arrays on stdout."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from casekin.errors import ImageError
from casekin.imaging.codestream import sample_precision
from casekin.imaging.raster import grey_values
from casekin.imaging.sandbox import LENGTHS, send

# Processor time for one frame: a megapixel of JPEG 2000 takes openjpeg about 0.25 s on one core. What a few bytes claim
# to hold gets little: a damaged JPEG-LS stream of 700 bytes kept its decoder busy without end.
FRAME_CPU_S = 3.0
MEGAPIXEL_CPU_S = 0.6
_PIXELS_A_BYTE = 100
# Address space of the child: libraries map about 2 GiB, the decoder may use the rest.
CHILD_MEMORY_BYTES = 6 * 1024**3
MOST_OPEN_FILES = 64
_BASELINE = "1.2.840.10008.1.2.4.50"
# What T.81 calls other processes is one to the decoders: they go by the frame header. Samples have 8 or 12 bits.
_LOSSY_JPEG = frozenset({_BASELINE, "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"})
# Decoders that hold out against damaged input come first. GDCM aborts the process on some, so it only gets what no
# other can decode (JPEG of 12 bits, and lossless: T.81 processes 4 and 14).
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


def serve() -> None:
    """The child's life: frames on stdin, arrays on stdout, until the pipe closes."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a decoder prints must not reach the answers
    _limit_resources()
    while True:
        lengths = source.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return
        head_length, body_length = LENGTHS.unpack(lengths)
        task = json.loads(source.read(head_length))
        body = source.read(body_length)
        try:
            values, eight_bit = _do(task, body)
            values = np.ascontiguousarray(values)
            head = {"dtype": values.dtype.str, "shape": values.shape, "eight_bit": eight_bit}
            send(sink, json.dumps(head).encode(), values.tobytes())
        except ImageError as error:
            send(sink, json.dumps({"refused": str(error)}).encode(), b"")
        except BaseException as error:  # a panic of the Rust RLE decoder derives from BaseException
            send(sink, json.dumps({"error": type(error).__name__}).encode(), b"")


def _do(task: Mapping[str, Any], body: bytes) -> tuple[npt.NDArray[Any], bool]:
    if "frame" in task:
        pixels = int(task["frame"].get("Rows", 0)) * int(task["frame"].get("Columns", 0))
        _limit_time(pixels, len(body))
        return decode_here(task["frame"], body), False
    _limit_time(int(task["picture"]["max_pixels"]) // 10, len(body))  # its size isn't known before it is opened
    return grey_values(body, **task["picture"])


def decode_here(description: Mapping[str, Any], frame: bytes) -> npt.NDArray[Any]:
    """Decode a frame in this process; YBR becomes RGB. Raises whatever the decoder raises."""
    if description["TransferSyntaxUID"] in _LOSSY_JPEG:
        if sample_precision(frame) == 12:
            return _twelve_bits(description, frame)
        description = {**description, "TransferSyntaxUID": _BASELINE}
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


def _twelve_bits(description: Mapping[str, Any], frame: bytes) -> npt.NDArray[Any]:
    """A grey frame of lossy JPEG with 12 bits. GDCM decodes it; pydicom only doesn't ask it to."""
    import gdcm

    rows, columns = int(description["Rows"]), int(description["Columns"])
    fragment, fragments = gdcm.Fragment(), gdcm.SequenceOfFragments.New()
    fragment.SetByteStringValue(frame)
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((columns, rows, 1))
    image.SetDataElement(element)
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(gdcm.PhotometricInterpretation.MONOCHROME2))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, 12, 11, int(description.get("PixelRepresentation", 0))))
    data = image.GetBuffer()  # bytes as text, or None
    if data is None:
        raise ValueError("damaged")
    kind = "<i2" if description.get("PixelRepresentation") == 1 else "<u2"
    return np.frombuffer(data.encode("utf-8", "surrogateescape"), dtype=kind).reshape(rows, columns)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    limits = {
        resource.RLIMIT_AS: CHILD_MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,  # pipes aren't files: answers still go out
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
    }
    for kind, wanted in limits.items():
        most = resource.getrlimit(kind)[1]  # a service's own limit may be lower; it can't be raised
        allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (allowed, allowed))


def cpu_seconds(pixels: int, body_bytes: int) -> float:
    """The processor time that a frame of so many pixels in so many compressed bytes may take."""
    return FRAME_CPU_S + MEGAPIXEL_CPU_S * min(pixels, _PIXELS_A_BYTE * body_bytes) / 1e6


def _limit_time(pixels: int, body_bytes: int) -> None:
    """End this process once the present frame has used its processor time."""
    try:
        import resource
    except ImportError:
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(used + cpu_seconds(pixels, body_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))
