"""A real Orthanc for tests, Debian's package, on this machine with ports of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

_MAX_WAIT_S = 120.0
_FORWARD = "function OnStoredInstance(instance, tags, metadata, origin)\n  SendToModality(instance, 'casekin')\nend\n"


@dataclass(frozen=True)
class Orthanc:
    """Where it answers: its REST root, its DICOMweb root, and its DICOM port (title `ORTHANC`)."""

    rest: str
    web: str
    dicom_port: int


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def orthanc_server(
    folder: Path, *, casekin_port: int, forward: bool = False, web_servers: dict[str, str] | None = None
) -> Iterator[Orthanc]:
    """A fresh Orthanc that knows the modality `casekin`; with `forward` it sends on whatever it stores.

    It listens at all of this machine's addresses for DICOM, which it can't be told otherwise; HTTP is for loopback.
    """
    if shutil.which("Orthanc") is None:
        pytest.skip("needs Orthanc: install Debian's orthanc and orthanc-dicomweb")
    folder.mkdir()
    http, dicom = free_port(), free_port()
    config = {
        "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"), "HttpPort": http,
        "DicomAet": "ORTHANC", "DicomPort": dicom, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomCheckCalledAet": False, "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowMove": True, "UnknownSopClassAccepted": True, "OverwriteInstances": True,
        "DicomModalities": {"casekin": ["CASEKIN", "127.0.0.1", casekin_port],
                            "test": ["TEST", "127.0.0.1", 1]},
        "Plugins": ["/usr/share/orthanc/plugins"],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": False,
                     "Servers": {name: [url] for name, url in (web_servers or {}).items()}},
    }  # fmt: skip
    if forward:
        (folder / "forward.lua").write_text(_FORWARD)
        config["LuaScripts"] = [str(folder / "forward.lua")]
    (folder / "orthanc.json").write_text(json.dumps(config))
    rest = f"http://127.0.0.1:{http}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
    try:
        _wait(f"{rest}/system", process)
        yield Orthanc(rest=rest, web=f"{rest}/dicom-web", dicom_port=dicom)
    finally:
        process.terminate()
        process.wait(timeout=_MAX_WAIT_S)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _MAX_WAIT_S
    while True:
        assert process.poll() is None, "Orthanc ended"
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < deadline, "Orthanc didn't start"
            time.sleep(0.05)
