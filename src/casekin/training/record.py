"""The record of a training run: what it was given, what it made of it, and on what; nothing of a patient."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from casekin.training.loop import Fitted

_PACKAGES = ("casekin", "torch", "accelerate", "numpy", "onnxruntime", "onnx")


def describe_fit(fitted: Fitted) -> dict[str, Any]:
    """Figures of every epoch, which one was kept, why it ended, how long it took, and on what kind of machine."""
    return {
        "epochs": [dict(epoch) for epoch in fitted.history],
        "best_epoch": fitted.best_epoch + 1,
        "stopped_by": fitted.stopped_by,
        "seconds": round(fitted.seconds, 1),
        "cpu_seconds": round(fitted.cpu_seconds, 1),
        "samples": fitted.samples,
        "hardware": {
            "device": torch.cuda.get_device_name() if fitted.device == "cuda" else fitted.device,
            "processor": platform.machine(),
            "processes": fitted.processes,
            "threads": torch.get_num_threads(),
        },
    }


def installed_versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result depends on; those that aren't installed are left out."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record as JSON; the file has its name only once it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
