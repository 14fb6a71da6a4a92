"""What is fuzzed: for each family good inputs to start from, and the function of casekin that reads them."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from PIL import Image

from fuzz import doors, messages, network, service
from fuzz.mutations import GENERAL, Mutation, cut, exchange, flip_bits, forge, insert, leave_out, mend_png, overwrite

CANARY = "CANARY"
"""Stands in every seed where a person's name may stand; no error may repeat it."""
_LARGEST_SEED = 40_000
Target = Callable[[bytes, Path], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """`target` reads an input, as bytes and with a folder for files of its own; it raises `CasekinError` or nothing.

    What it returns says what became of it, where more is to be told than that it was read.
    """

    seeds: Callable[[], Sequence[bytes]]
    target: Target
    mutations: Sequence[Mutation] = GENERAL


@cache
def families() -> dict[str, Family]:
    """Every family by name."""
    lying = forge(
        [
            (b"\x28\x00\x10\x00US\x02\x00", 2), (b"\x28\x00\x11\x00US\x02\x00", 2), (b"\x28\x00\x02\x00US\x02\x00", 2),
            (b"\x28\x00\x00\x01US\x02\x00", 2), (b"\x28\x00\x01\x01US\x02\x00", 2), (b"\x28\x00\x03\x01US\x02\x00", 2),
            (b"\xe0\x7f\x10\x00OW\x00\x00", 4), (b"\xe0\x7f\x10\x00OB\x00\x00", 4), (b"\xe0\x7f\x10\x00", 4),
            (b"\x28\x00\x10\x00", 4), (b"\x02\x00\x00\x00UL\x04\x00", 4), (b"\xfe\xff\x00\xe0", 4),
            (b"\x28\x00\x01\x11US\x06\x00", 2), (b"\x02\x00\x01\x00", 4),
        ]
    )  # fmt: skip
    packed = forge(  # fields of local headers, of the directory and of its end
        [(b"PK\x03\x04" + bytes(0), 2), (b"PK\x01\x02", 2), (b"PK\x05\x06", 4), (b"CANARY.dcm", 4)]
    )
    rarely_long = (flip_bits, cut, leave_out, overwrite, insert)  # a report of 10 kB is read for as long as twenty
    worded = (*GENERAL, *[exchange] * len(GENERAL))
    return {
        "dicom": Family(seeds=dicom_seeds, target=read_image_file, mutations=(*GENERAL, lying, lying, lying)),
        "dicomdir": Family(seeds=dicomdir_seeds, target=walk_folder, mutations=GENERAL),
        "nifti": Family(seeds=nifti_seeds, target=read_image_file),
        "nifti-gz": Family(seeds=lambda: [gzip.compress(seed) for seed in nifti_seeds()], target=read_image_file),
        "png": Family(
            seeds=lambda: raster_seeds("PNG"), target=read_image_file, mutations=(*GENERAL, *[mend_png] * len(GENERAL))
        ),
        "jpeg": Family(seeds=lambda: raster_seeds("JPEG"), target=read_image_file),
        "deidentify": Family(seeds=file_seeds, target=clean_file, mutations=(*GENERAL, lying)),
        "manifest": Family(seeds=manifest_seeds, target=read_rows, mutations=worded),
        "report": Family(seeds=report_seeds, target=read_report_text, mutations=(*worded, *rarely_long * 3)),
        "reader": Family(seeds=reader_seeds, target=read_answer, mutations=worded),
        "question": Family(seeds=question_seeds, target=parse_question, mutations=worded),
        "form": Family(seeds=form_seeds, target=parse_form),
        "message": Family(seeds=messages.message_seeds, target=messages.read_any_message, mutations=worded),
        "object": Family(seeds=messages.object_seeds, target=messages.read_object, mutations=(*GENERAL, lying)),
        "multipart": Family(seeds=messages.store_seeds, target=messages.read_parts),
        "request": Family(
            seeds=service.request_seeds, target=service.ask_service, mutations=service.request_mutations()
        ),
        "association": Family(
            seeds=network.association_seeds, target=network.associate, mutations=network.association_mutations()
        ),
        "answers": Family(seeds=network.answer_seeds, target=network.pull_answers),
        "arrival": Family(seeds=doors.arrival_seeds, target=doors.keep_arrival, mutations=(*GENERAL, lying)),
        "config": Family(seeds=doors.config_seeds, target=doors.read_site_file),
        "queries": Family(seeds=doors.query_seeds, target=doors.answer_file, mutations=worded),
        "zip": Family(seeds=doors.zip_seeds, target=doors.unpack, mutations=(*GENERAL, packed, packed)),
    }


def dicom_seeds() -> Sequence[bytes]:
    """pydicom's own small samples: all transfer syntaxes, multi-frame, palettes, reports, damaged ones too."""
    from pydicom.data import get_testdata_files

    files = sorted(Path(name) for name in get_testdata_files())
    return [
        file.read_bytes()
        for file in files
        if file.is_file() and file.stat().st_size <= _LARGEST_SEED and "DICOMDIR" not in file.name
    ]


def dicomdir_seeds() -> Sequence[bytes]:
    """pydicom's media directories."""
    from pydicom.data import get_testdata_files

    found = [Path(name) for name in get_testdata_files() if "DICOMDIR" in Path(name).name]
    return [file.read_bytes() for file in sorted(found) if file.is_file()]


def nifti_seeds() -> Sequence[bytes]:
    """Volumes and a picture, NIfTI-1 and NIfTI-2, integers and floats."""
    random = np.random.default_rng(0)
    made = []
    for kind in (nib.Nifti1Image, nib.Nifti2Image):
        for dtype in (np.int16, np.uint8, np.float32):
            values = random.integers(0, 200, (6, 5, 4)).astype(dtype)
            made.append(kind(values, np.diag([1.0, 2.0, 3.0, 1.0])).to_bytes())
    made.append(nib.Nifti1Image(random.integers(0, 200, (16, 12, 1)).astype(np.uint8), np.eye(4)).to_bytes())
    return made


def raster_seeds(form: str) -> Sequence[bytes]:
    """Grey, colour, palette, deep and interlaced pictures, with a comment that names somebody."""
    random = np.random.default_rng(0)
    grey = Image.fromarray(random.integers(0, 255, (24, 20), dtype=np.uint8))
    modes = ["L", "RGB", "CMYK"] if form == "JPEG" else ["L", "RGB", "RGBA", "P", "1", "I;16", "LA"]
    made = []
    for mode in modes:
        deep = random.integers(0, 60000, (24, 20)).astype(np.uint16)
        picture = Image.fromarray(deep) if mode == "I;16" else grey.convert(mode)
        out = io.BytesIO()
        picture.save(out, form, **({"comment": CANARY, "progressive": True} if form == "JPEG" else {}))
        made.append(out.getvalue())
    return made


def manifest_seeds() -> Sequence[bytes]:
    """Manifests with every field, and rows of reports."""
    row: dict[str, Any] = {
        "case_id": "c-1", "patient_id": CANARY, "image": "a.png", "modality": "CR", "view": "PA", "sex": "F", "age": 61,
        "day_offset": 3, "report": f"{CANARY}: Left pleural effusion.",
        "regions": [{"anatomy": "lung", "side": "left", "box": [0, 0, 5, 5]}],
    }  # fmt: skip
    masked = {"anatomy": "heart", "side": None, "mask": "m.png"}
    rows = [row, {**row, "case_id": "c-2", "image": "b/c.png", "regions": [masked]}]
    told = [
        {"case_id": "c-1", "report": f"{CANARY}: Left pleural effusion.", "note": 1},
        {"accession_number": "A1", "report_id": "r", "findings": "Effusion.", "impression": "None."},
        {"study_instance_uid": "1.2.3", "patient_id": CANARY, "report": "No effusion."},
    ]
    return ["\n".join(json.dumps(one) for one in some).encode() for some in (rows, told)]


def report_seeds() -> Sequence[bytes]:
    """Reports as people write them."""
    return [
        b"FINDINGS: Small left pleural effusion, unchanged. No pneumothorax. 8 mm nodule in the right upper lobe.\n"
        b"IMPRESSION: Stable.",
        b"EXAM: CHEST PA AND LATERAL\nCOMPARISON: None.\n\nHeart size is normal. The lungs are clear bilaterally; "
        b"? mild atelectasis at the bases.",
        "Kein Pneumothorax. 1. ETT 3 cm above carina 2. No change vs. prior (2/3/2019) – “stable”.".encode(),
        "Small right effusion; the left is larger. Nodule of 8² x 1.2 cm in either lung, ipsilateral hilar nodes, "
        "and contralateral atelectasis there. CTR is greater than ½ (0.55). Left upper lobectomy; the lower and middle "
        "lobes of the lung on the right are clear. Right larger than left opacity.".encode(),
        b"TUBES: NG tube tip below the diaphragm, left PICC tip in the SVC, chest tubes out; pacemaker with two leads. "
        b"Possible nodules, the largest measuring about 3 x 2 cm, none calcified, versus a mass. No longer seen: PTX-. "
        b"It is unclear whether there is edema. Bibasilar areas of atelectasis, L > R, vs (R) lower lobe collapse.",
    ]


def reader_seeds() -> Sequence[bytes]:
    """What a model on a server answers about the first report."""
    words = report_seeds()[0].decode()
    fact: dict[str, Any] = {
        "finding": "pleural_effusion", "anatomy": "pleural space", "side": "left", "polarity": "present",
        "severity": "mild", "size_mm": None, "change": "stable", "sentence": words[10:50],
    }  # fmt: skip
    nodule = {**fact, "finding": "nodule", "anatomy": None, "size_mm": 8, "sentence": "8 mm nodule"}
    answer = json.dumps({"facts": [fact, nodule], "normal": [{"anatomy": "heart", "side": None, "sentence": words}]})
    return [answer.encode(), f"<think>{CANARY}</think>```json\n{answer}\n```".encode()]


def question_seeds() -> Sequence[bytes]:
    """Questions as JSON, with filters, places and a recipe."""
    where = "(effusion at left lung absent or sex = F) and age >= 3"
    recipe = {"recipe": 1, "program": "0.1.0", "index": "x", "index_version": "1", "question": {"text": "x"}}
    questions: list[dict[str, Any]] = [
        {"text": "left pleural effusion", "at": ["left lower lobe", "heart"], "where": "not pneumothorax present"},
        {"phrase": "right basal opacity", "box": [1, 2, 30, 40], "with": ["effusion at left lung"], "limit": 5},
        {"where": where, "like": ["c-1"], "unlike": ["c-2"], "counter": 3, "combine": "any_of"},
        {"recipe": recipe, "anyway": True},
    ]
    return [json.dumps(question).encode() for question in questions]


def form_seeds() -> Sequence[bytes]:
    """Multipart questions with a picture, a mask and fields."""
    picture = raster_seeds("PNG")[0]

    def part(name: str, content: bytes) -> bytes:
        return f"--b0undary\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + content + b"\r\n"

    files = part(f'name="image"; filename="{CANARY}.png"', picture) + part('name="mask"; filename="m.png"', picture)
    fields = part('name="at"', b"left lung") + part('name="box"', b"1,2,10,12") + b"--b0undary--\r\n"
    return [files + fields, fields]


def file_seeds() -> Sequence[bytes]:
    """Files of every kind that is de-identified."""
    return [*dicom_seeds(), *nifti_seeds(), *raster_seeds("PNG"), *raster_seeds("JPEG")]


def clean_file(data: bytes, folder: Path) -> None:
    """De-identification of one file, but for the search for words in its pixels."""
    from casekin.imaging import Pseudonymizer
    from casekin.imaging.deidentify.files import FileCleaner
    from casekin.imaging.deidentify.words import WordSearch
    from casekin.imaging.limits import ReadLimits

    path = folder / "input"
    path.write_bytes(data)
    limits = ReadLimits(max_pixels=4_000_000, max_volume_bytes=32 * 1024**2)
    words = WordSearch(burned_in="keep")
    FileCleaner(names=Pseudonymizer(bytes(32)), words=words, limits=limits).clean(path)


def read_image_file(data: bytes, folder: Path) -> None:
    """The door for images, as an ingest and an upload use it."""
    from casekin.imaging import read_image
    from casekin.imaging.limits import ReadLimits
    from casekin.imaging.study import study_uid_of

    path = folder / "input"
    path.write_bytes(data)
    study_uid_of(path)
    read_image(path, limits=ReadLimits(max_pixels=16_000_000, max_volume_bytes=256 * 1024**2))


def walk_folder(data: bytes, folder: Path) -> None:
    """A folder with a media directory: nothing that it names may be opened."""
    from casekin.imaging import read_image
    from casekin.imaging.reader import iter_image_files

    (folder / "DICOMDIR").write_bytes(data)
    for found in iter_image_files([folder]):
        read_image(found)


def read_rows(data: bytes, folder: Path) -> None:
    """A manifest's rows and those of a file of reports, bad ones as problems."""
    from casekin.imaging.manifest import read_manifest, read_report_rows

    path = folder / "manifest.jsonl"
    path.write_bytes(data)
    for row in (*read_manifest(path), *read_report_rows(path)):
        str(row)


def read_report_text(data: bytes, folder: Path) -> None:
    """A report, whatever its bytes."""
    from casekin.reports import read_report

    read_report(data.decode("utf-8", "replace"))


def read_answer(data: bytes, folder: Path) -> None:
    """What a model on a server answered, held against the report."""
    from casekin.reports.sections import split_sections, split_sentences
    from casekin.reports.server_answer import build_report, parse_answer

    text = report_seeds()[0].decode()
    sentences = [sentence for section in split_sections(text) for sentence in split_sentences(text, section)]
    build_report(parse_answer(data.decode("utf-8", "replace")), text, sentences)


def parse_question(data: bytes, folder: Path) -> None:
    """A question's JSON, its places, conditions and filter."""
    from pydantic import ValidationError

    from casekin.anatomy import parse_place
    from casekin.api.questions import SearchFields
    from casekin.errors import InputError
    from casekin.index.search.filters import parse_where

    try:
        fields = SearchFields.model_validate_json(data)
    except ValidationError as error:
        raise InputError(str(error.errors(include_input=False, include_url=False, include_context=False))) from None
    for place in fields.at:
        parse_place(place)
    if fields.where is not None:
        parse_where(fields.where)


def parse_form(data: bytes, folder: Path) -> None:
    """A multipart body as it streams in."""
    import asyncio

    from fastapi import HTTPException, Request

    from casekin.api.bodies import receive_form
    from casekin.errors import InputError

    pieces = [*(data[at : at + 700] for at in range(0, len(data), 700)), b""]
    chunks = [{"type": "http.request", "body": piece, "more_body": piece != b""} for piece in pieces]

    async def receive() -> dict[str, Any]:
        return chunks.pop(0)

    headers = [(b"content-type", b"multipart/form-data; boundary=b0undary")]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}, receive)

    async def take() -> None:
        async with receive_form(request, max_bytes=1_000_000):
            pass

    try:
        asyncio.run(take())
    except HTTPException as error:
        if error.status_code not in (400, 413):
            raise
        raise InputError(str(error.detail)) from None
