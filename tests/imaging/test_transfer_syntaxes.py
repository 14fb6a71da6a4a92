"""Every transfer syntax that the standard knows: read, or refused with one clear error. Others' programs encode."""

from __future__ import annotations

import base64
import io
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from shutil import which

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian

from casekin.errors import ImageError
from casekin.imaging import Pseudonymizer, read_image
from casekin.imaging.deidentify.files import FileCleaner
from casekin.imaging.deidentify.words import WordSearch
from casekin.imaging.transfer_syntaxes import CODED_SYNTAXES, FRAMED_SYNTAXES, READ_SYNTAXES

from .samples import CT, dataset_of

Write = Callable[..., Path]
ROOT = "1.2.840.10008.1.2."
LEVELS = np.arange(1024, dtype=np.uint16).reshape(32, 32) * 4
HTJ2K = (
    "|4;u>04YEK0000W0000W00000000000000W0000W0000000000009pH0sl|{2mk^A000XAQUDA90ssL31q1{@0smY86Cj9?kdTm&kdTm&kdTmwh="
    "~7W02crOPjF>!N>E53R%LP^FfKASE;BCwkN^q*00000xBvnFlfVEbkM;!zbO68r62Jfx0FVI(bO1>51BY|~zyK3K026=+@&JN#03s=p0K-%OzyK8"
    "x00m$|2=S_L0(Ah6bi@%y{=ia!?6v^F02Pn`1*iZ3008H}r>CdFcmO{7@ZrOU4<A1M{g8lr_Cf*dx&XicEeHSw(15C{s;c?_De39y>FMd>d;tD_z"
    "u)io`~7~u-|zSP|9D`82ftzv9{q?wd-fp#?6U#?*#"
)
"""`LEVELS` as OpenJPH 0.26.3 encodes them, reversibly; by no means the decoder's own encoder."""
DCMTK = {
    "4.51": ["dcmcjpeg", "+ee"],
    "4.53": ["dcmcjpeg", "+es"],
    "4.55": ["dcmcjpeg", "+ep"],
    "4.57": ["dcmcjpeg", "+el"],
    "4.70": ["dcmcjpeg", "+e1"],
    "2": ["dcmconv", "+tb"],
}
LOSSY_STEPS = {"4.50": 4 * 16, "4.51": 160, "4.53": 160, "4.55": 160, "4.81": 2, "4.91": 160}
"""How far a value may be off by lossy coding, of 4096."""
NEWER = (ROOT + "4.110", ROOT + "4.111", ROOT + "4.112")
DEFLATED_FRAMES = ROOT + "8.1"
"""JPEG XL, and frames deflated one by one: newer than pydicom's dictionary."""
REFUSED = sorted({uid for uid, entry in UID_dictionary.items() if entry[1] == "Transfer Syntax"} - set(READ_SYNTAXES))


def with_frames(dataset: FileDataset, frames: list[bytes], syntax: str) -> bytes:
    """The file of a data set whose pixels are these frames, encapsulated."""
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OB"
    known = ROOT + ("4.51" if len(syntax) < 23 else "4.201")  # pydicom writes no others
    dataset.file_meta.TransferSyntaxUID = known if syntax in (*NEWER, DEFLATED_FRAMES) else syntax
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    told = dataset.file_meta.TransferSyntaxUID.encode()
    return buffer.getvalue().replace(told, syntax.encode().ljust(len(told), b"\0"), 1)


def deflated(frame: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(frame) + packer.flush()


def encoded(plain: Path, short: str) -> bytes:
    """The plain file in another transfer syntax."""
    dataset, other = pydicom.dcmread(plain), plain.with_name("other.dcm")
    if short in DCMTK:
        if which(DCMTK[short][0]) is None:
            pytest.skip("dcmtk isn't installed: no encoder")
        subprocess.run([*DCMTK[short], str(plain), str(other)], check=True, capture_output=True)
        return other.read_bytes()
    if short.startswith("4.20"):
        return with_frames(dataset, [base64.b85decode(HTJ2K)], ROOT + short)
    if short == "4.50":
        packed = io.BytesIO()
        Image.fromarray((LEVELS // 16).astype(np.uint8)).save(packed, "JPEG", quality=98)
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.RescaleSlope = 8, 8, 7, 16
        dataset.RescaleIntercept = 0
        return with_frames(dataset, [packed.getvalue()], ROOT + short)
    if short in ("1.98", "8.1"):
        frame = dataset.PixelData
        return with_frames(dataset, [frame if short == "1.98" else deflated(frame)], ROOT + short)
    if ROOT + short in CODED_SYNTAXES:
        lossy = {"4.81": {"jls_error": 2}, "4.91": {"j2k_cr": [2]}}
        dataset.compress(ROOT + short, generate_instance_uid=False, **lossy.get(short, {}))
    else:
        dataset.file_meta.TransferSyntaxUID = ROOT[:-1] if short == "" else ROOT + short
    dataset.save_as(other)
    return other.read_bytes()


@pytest.mark.parametrize("syntax", READ_SYNTAXES, ids=lambda uid: uid.removeprefix(ROOT))
def test_what_is_read_gives_the_values_that_were_encoded(write_dicom: Write, syntax: str) -> None:
    short = syntax.removeprefix(ROOT).removeprefix(ROOT[:-1])
    plain = write_dicom(LEVELS, BitsStored=12, HighBit=11, StudyInstanceUID="1.2", SeriesInstanceUID="1.2.3")
    data = encoded(plain, short)
    assert pydicom.dcmread(io.BytesIO(data)).file_meta.TransferSyntaxUID == syntax
    plain.with_name("packed.dcm").write_bytes(data)
    read = read_image(plain.with_name("packed.dcm")).pixels
    assert np.abs(read - LEVELS).max() <= LOSSY_STEPS.get(short, 0)


@pytest.mark.parametrize("syntax", [*REFUSED, *NEWER, "1.2.840.113619.5.2"])
def test_what_is_not_read_is_refused_by_its_name_before_any_decoder_runs(
    write_dicom: Write, monkeypatch: pytest.MonkeyPatch, syntax: str
) -> None:
    monkeypatch.setattr("casekin.imaging.sandbox.DecoderProcess.decode", None)
    path = write_dicom(LEVELS)
    path.write_bytes(with_frames(dataset_of(LEVELS), [b"\0" * 64], syntax))
    told = UID_dictionary.get(syntax, ("JPEG XL" if "4.11" in syntax else "unknown transfer syntax",))[0]
    with pytest.raises(ImageError) as refused:
        read_image(path)
    words = str(refused.value)
    assert words.startswith(f"image.dcm: is stored as {told}") and words.endswith(
        "; convert it to Explicit VR Little Endian"
    )


def test_pixels_that_lie_on_another_server_are_refused_by_what_they_are(write_dicom: Write) -> None:
    dataset = dataset_of(LEVELS)
    del dataset.PixelData
    dataset.PixelDataProviderURL = "https://images.example.org/1"
    dataset.file_meta.TransferSyntaxUID = ROOT + "4.94"
    path = write_dicom(LEVELS)
    pydicom.dcmwrite(path, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    with pytest.raises(ImageError, match="is stored as JPIP Referenced"):
        read_image(path)


@pytest.mark.skipif(which("dcmcjpeg") is None, reason="dcmtk isn't installed: no second decoder")
@pytest.mark.parametrize("process", ["+ee", "+es", "+ep"])
@pytest.mark.parametrize("kind", ["12 bits", "12 bits signed", "two frames", "8 bits", "colour"])
def test_lossy_jpeg_of_any_process_and_precision_is_what_dcmtk_makes_of_it(
    write_dicom: Write, process: str, kind: str
) -> None:
    eight, told = (LEVELS // 16).astype(np.uint8), {"BitsStored": 12, "HighBit": 11}
    made = {
        "12 bits": (LEVELS, told),
        "12 bits signed": (LEVELS, told),
        "two frames": (np.stack([LEVELS, LEVELS[::-1]]), {**told, "NumberOfFrames": 2}),
        "8 bits": (eight, {}),
        "colour": (np.stack([eight, eight.T, eight[::-1]], axis=-1), {}),
    }
    pixels, attributes = made[kind]
    plain = write_dicom(pixels, StudyInstanceUID="1.2", SeriesInstanceUID="1.2.3", **attributes)
    packed, unpacked = plain.with_name("packed.dcm"), plain.with_name("unpacked.dcm")
    subprocess.run(["dcmcjpeg", process, str(plain), str(packed)], check=True, capture_output=True)
    if kind == "12 bits signed":
        dataset = pydicom.dcmread(packed)
        dataset.PixelRepresentation = 1
        dataset.save_as(packed)
    subprocess.run(["dcmdjpeg", str(packed), str(unpacked)], check=True, capture_output=True)
    np.testing.assert_array_equal(read_image(packed).pixels, read_image(unpacked).pixels)


@pytest.mark.skipif(which("dcmcjpeg") is None, reason="dcmtk isn't installed: no encoder")
@pytest.mark.parametrize("damage", ["cut", "rows"])
def test_a_damaged_frame_of_12_bits_is_one_error(write_dicom: Write, damage: str) -> None:
    plain = write_dicom(LEVELS, BitsStored=12, HighBit=11, StudyInstanceUID="1.2", SeriesInstanceUID="1.2.3")
    packed = plain.with_name("packed.dcm")
    subprocess.run(["dcmcjpeg", "+ee", str(plain), str(packed)], check=True, capture_output=True)
    dataset = pydicom.dcmread(packed)
    if damage == "cut":
        frame = next(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=1))
        packed.write_bytes(with_frames(dataset, [frame[: len(frame) // 2]], ROOT + "4.51"))
        expected = r"JPEG Extended \(Process 2 and 4\), 12 bits\) can't be decoded"
    else:
        dataset.Rows = 33
        dataset.save_as(packed)
        expected = "its compressed frame has 32 × 32"
    with pytest.raises(ImageError, match=expected):
        read_image(packed)


@pytest.mark.parametrize("syntax", FRAMED_SYNTAXES)
def test_native_frames_stored_one_by_one_are_checked_like_others_and_kept_as_native(
    write_dicom: Write, syntax: str
) -> None:
    pack = deflated if syntax.endswith("8.1") else bytes
    frames = [LEVELS.tobytes(), LEVELS[::-1].tobytes()]
    told = {"StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.3", "PatientID": "P1", "NumberOfFrames": 2}
    path = write_dicom(LEVELS)
    spare = (LEVELS | 0x8000).tobytes()  # an overlay in the spare bits

    def written(frames: list[bytes]) -> Path:
        dataset = dataset_of(LEVELS, sop_class=CT, BitsStored=12, HighBit=11, **told)
        path.write_bytes(with_frames(dataset, [pack(frame) for frame in frames], syntax))
        return path

    np.testing.assert_array_equal(read_image(written(frames)).pixels, LEVELS)
    cleaner = FileCleaner(names=Pseudonymizer(b"k" * 32), words=WordSearch(burned_in="keep"))
    clean = pydicom.dcmread(io.BytesIO(cleaner.clean(written([spare, spare]), patient_id="P1").data))
    assert clean.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    np.testing.assert_array_equal(clean.pixel_array, np.stack([LEVELS, LEVELS]))
    for wrong in (frames[:1], [frames[0], frames[1][:-2]], [frames[0], bytes(2)], [frames[0], bytes(1 << 22)]):
        if syntax.endswith("1.98") and len(wrong[-1]) > len(frames[0]):
            continue  # padding is no mistake
        with pytest.raises(ImageError, match="its frames aren't as long as"):
            read_image(written(wrong))
