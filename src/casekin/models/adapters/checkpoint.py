"""Reading weight files without running anything in them, and giving the tensors to a network name by name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from casekin.errors import ModelError

Tensors = dict[str, torch.Tensor]
WEIGHT_FILES = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".tar")


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The weight files of a transformers folder, shards included. Raises ModelError when there are none."""
    for name in WEIGHT_FILES:
        path = folder / name
        if path.exists():
            if path.suffix != ".json":
                return (path,)
            shards = sorted(set(read_json(path)["weight_map"].values()))
            return tuple(folder / shard for shard in shards)
    raise ModelError(f"no weights in {folder.name}/: expected one of {', '.join(WEIGHT_FILES)}; fetch the model again")


def read_tensors(files: Sequence[Path]) -> Tensors:
    """All tensors of some weight files by name, on the CPU. Raises ModelError as `read_checkpoint` does."""
    tensors: Tensors = {}
    for path in files:
        tensors |= tensors_of(read_checkpoint(path), path.name)
    return tensors


def read_checkpoint(path: Path) -> Mapping[str, Any]:
    """A weight file as it was saved: tensors by name, or a checkpoint that holds them beside plain values.

    Raises ModelError when it is missing, damaged, or a pickle of more than tensors and plain values: such a file can
    run anything when it is opened, so it isn't.
    """
    if not path.exists():
        raise ModelError(f"weight file {path.name} is missing in {path.parent.name}/; fetch the model again")
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # safetensors and torch raise classes of their own, which have no common root
        if type(error).__name__ == "UnpicklingError":
            raise ModelError(
                f"{path.name} holds more than tensors and is refused, since opening it could run code; "
                "save its state dict alone, as safetensors"
            ) from error
        raise ModelError(f"{path.name} can't be read as weights ({type(error).__name__}); fetch it again") from error
    if not isinstance(content, Mapping):
        raise ModelError(f"{path.name} holds a {type(content).__name__}, expected tensors by name; save a state dict")
    return content


def tensors_of(checkpoint: Mapping[str, Any], name: str) -> Tensors:
    """The state dict of a checkpoint: itself, or what lies under `state_dict` or `model`."""
    inner = checkpoint
    for key in ("state_dict", "model"):
        if isinstance(inner.get(key), Mapping):
            inner = inner[key]
    tensors = {key.removeprefix("module."): value for key, value in inner.items() if isinstance(value, torch.Tensor)}
    if not tensors:
        raise ModelError(f"{name} holds no tensors by name, expected a state dict; fetch the model again")
    return tensors


def under(tensors: Tensors, prefix: str) -> Tensors:
    """The tensors whose name starts with `prefix`, without it."""
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def fill(module: torch.nn.Module, tensors: Tensors, *, ignored: str = r"(?!)", what: str) -> torch.nn.Module:
    """Give a network its tensors, every one of them, and return it ready for use.

    `ignored` is a pattern of names that the file has and the network doesn't need. Raises ModelError for names that are
    missing or left over and for other shapes: then the file is of another architecture.
    """
    shapes = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    given = {name: value for name, value in tensors.items() if not re.search(ignored, name)}
    wrong = [n for n in sorted(shapes.keys() & given.keys()) if tuple(given[n].shape) != shapes[n]]
    # Batch counters came to torch after some of these weights.
    missing = [n for n in sorted(shapes.keys() - given.keys()) if not n.endswith("num_batches_tracked")]
    _demand(what, missing=missing, left_over=sorted(given.keys() - shapes.keys()), wrong_shape=wrong)
    module.load_state_dict({name: value.float() for name, value in given.items()}, strict=False)
    return module.eval()


def fill_pretrained(
    model: Any, config: Any, tensors: Tensors, *, ignored: str = r"(?!)", what: str, **options: Any
) -> torch.nn.Module:
    """As `fill` for a model class of transformers, which knows its older names for tensors."""
    given = {name: value.float() for name, value in tensors.items() if not re.search(ignored, name)}
    try:
        loaded: tuple[torch.nn.Module, Mapping[str, Any]] = model.from_pretrained(
            None, config=config, state_dict=given, output_loading_info=True, ignore_mismatched_sizes=True, **options
        )
    except (ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"{what}: weights don't fit the architecture of config.json; fetch both again") from error
    module, report = loaded
    _demand(
        what,
        missing=sorted(report["missing_keys"]),
        left_over=sorted(report["unexpected_keys"]),
        wrong_shape=sorted(str(key[0] if isinstance(key, tuple) else key) for key in report["mismatched_keys"]),
    )
    return module.eval()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a model's folder; ModelError when it is missing or is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path.name} is missing in {path.parent.name}/ or no JSON; fetch the model again") from error
    if not isinstance(record, dict):
        raise ModelError(f"{path.name} of {path.parent.name}/ holds no JSON object; fetch the model again")
    return record


def _demand(what: str, **problems: Sequence[str]) -> None:
    found = [
        f"{len(names)} {kind.replace('_', ' ')} ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})"
        for kind, names in problems.items()
        if names
    ]
    if found:
        raise ModelError(f"{what}: weights are of another architecture: {'; '.join(found)}; fetch config and weights")
