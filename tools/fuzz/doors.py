"""Families of files and of what is kept: messages, objects, questions, a site's file, ZIPs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from fuzz import made, messages


def arrival_seeds() -> Sequence[bytes]:
    """Objects and messages, as they are received."""
    return [*messages.message_seeds(), *messages.object_seeds()]


def keep_arrival(data: bytes, folder: Path) -> None:
    """Take it as a message and as an object: what is kept of either joins cases later."""
    from casekin.errors import InputError
    from casekin.journeys.receive import receive_message, receive_object

    site, refusals = _site(folder), []
    for receive in (lambda: receive_message(site, data), lambda: receive_object(site, data, now=0.0)):
        try:
            receive()
        except InputError as error:
            refusals.append(str(error))
    if len(refusals) == 2:
        raise InputError("; ".join(refusals))


def config_seeds() -> Sequence[bytes]:
    """Sites' files: with every table, for this machine, for two tenants beyond it."""
    from casekin.api.config import SiteConfig

    words = {"listen": 'host = "127.0.0.1"\nport = 8000\nhost_names = ["a.example"]\nbehind_proxy = ["10.0.0.0/8"]\n'}
    words["sign_in"] = 'issuer = "https://id.example"\nclient_id = "CANARY"\nredirect_uri = "https://a.example/x"\n'
    words["sign_in"] += 'client_secret_file = "secret"\nroles = {reader = ["r"], admin = ["a", "b"]}\n'
    words["receive"] = 'dicom_port = 104\ncallers = ["CT1@10.0.0.1"]\nhl7_port = 2575\nhl7_callers = ["10.0.0.0/8"]\n'
    words["limits"] = "max_upload_bytes = 100000\nburst = 10\n"
    tables = "".join(f"[{name}]\n{words[name]}" for name in words if name in SiteConfig.model_fields)
    tenant = '[tenants.default]\nindex = "x.index"\nmembers = ["m"]\n[tenants.default.web_stores]\nm = "https://m/x"\n'
    beyond = '[listen]\nhost = "0.0.0.0"\ntls_cert = "c.pem"\ntls_key = "k.pem"\nhost_names = ["a.example"]\n'
    override = '[listen]\nhost = "::"\nhost_names = ["a"]\ninsecure_override = ["no-tls", "no-sign-in"]\n'
    named = '[tenants.a]\nindex = "milvus://h:1/a"\nsite = "s"\nviewer_link = "https://v.example/?s={study}"\n'
    other = 'require_sign_in = true\nlog_format = "json"\n' + beyond + tenant + named
    claimed = '[sign_in]\ntenant_claim = "t"\n' + words["sign_in"] + beyond + tenant + named
    return [one.encode() for one in (tables + tenant, tenant, other, claimed, override + tenant)]


def read_site_file(data: bytes, folder: Path) -> None:
    """`site.toml`."""
    from casekin.api.config import read_config

    path = folder / "site.toml"
    path.write_bytes(data)
    read_config(path)


def query_seeds() -> Sequence[bytes]:
    """A file of questions."""
    said = (
        "Small right effusion, the left is larger; 8 mm nodule in either lung, ipsilateral hilar nodes versus a mass. "
    )
    said += "NG tube tip below the diaphragm. Unclear whether there is edema? CTR above 0.55, PTX no longer seen."
    rows: list[dict[str, Any]] = [
        {"query_id": "q1", "text": "left pleural effusion", "limit": 3, "where": "sex = F or age >= 3"},
        {"case_id": "c-1", "at": ["left lung", "heart"], "phrase": "opacity", "same_patient": "exclude"},
        {"query_id": "q3", "image": "missing.png", "box": [1, 2, 30, 40], "with": "effusion at left lung"},
        {"query_id": "q4", "text": "x", "like": ["c-1"], "unlike": "c-2", "combine": "mean", "text_weight": 0.4},
        {"query_id": "q5", "text": said, "with": ["nodule at lung"], "without": "edema", "where": "not (edema absent)"},
    ]
    return ["\n".join(json.dumps(row) for row in rows).encode(), *(json.dumps(row).encode() for row in rows)]


def answer_file(data: bytes, folder: Path) -> None:
    """A file of questions without images, over the archive of two cases; rows that can't be answered are listed."""
    from casekin.errors import InputError
    from casekin.journeys.batch import answer_queries

    queries = folder / "queries.jsonl"
    queries.write_bytes(data)
    summary = answer_queries(made.archive(folder), queries, folder / "run.trec", encoder=cast(Any, None))
    if not summary.queries:
        raise InputError("; ".join(problem.reason for problem in summary.problems))


def zip_seeds() -> Sequence[bytes]:
    """Studies packed and stored, with folders, names that climb, a comment and a ZIP inside."""
    packs: list[bytes] = []
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", packing) as packed:
            packed.writestr("../../CANARY.dcm", messages.object_seeds()[0])
            packed.writestr("/a/b.png", made.picture())
            packed.mkdir("folder")
            packed.writestr("folder/empty", b"")
            packed.writestr("inner.zip", packs[0] if packs else b"PK\x03\x04")
            packed.comment = b"CANARY"
        packs.append(out.getvalue())
    return packs


def unpack(data: bytes, folder: Path) -> None:
    """A study's ZIP; what is refused leaves nothing behind, and nothing lies beside its folder."""
    from casekin.errors import CasekinError
    from casekin.imaging.limits import ReadLimits
    from casekin.imaging.zip_file import unpack_zip

    path, into = folder / "study.zip", folder / "unpacked"
    path.write_bytes(data)
    into.mkdir(exist_ok=True)
    written: Sequence[Path] = ()
    try:
        written = unpack_zip(path, into, limits=ReadLimits(max_file_bytes=10_000_000))
    except CasekinError:
        assert not any(into.iterdir())
        raise
    finally:
        for file in written:
            file.unlink()
    assert sorted(one.name for one in folder.iterdir()) == ["study.zip", "unpacked"]


@cache
def _site(folder: Path) -> Any:
    from casekin.journeys.receive import open_site

    return open_site(made.archive(folder).folder, burned_in="keep")
