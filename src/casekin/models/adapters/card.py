"""What is known of somebody else's model: where it came from, on what terms, which bytes, how pictures are given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from casekin.errors import ModelError
from casekin.models.adapters.preprocessing import Preprocessing

LicenceTier = Literal["A", "B", "C", "unknown"]
"""A: open, may be used, changed and passed on. B: conditions must be accepted first. C: research or non-commercial
only. A site decides by the letter; the licence itself is what counts."""

CARD_FILE = "card.json"
_KNOWN = Path(__file__).parent / "known_models.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """The record of a loaded model. `source` is the path or hub id it was asked for by, `revision` the hub's commit.

    `files` maps each weight file's name to its SHA-256 and `sha256` is the hash over them; `grid` is None where a model
    gives no tokens, `text_dim` where it reads no text, and `preprocessing` where vectors were made elsewhere.
    """

    name: str
    family: str
    source: str
    revision: str | None
    licence: str
    licence_tier: LicenceTier
    notes: str
    files: Mapping[str, str]
    preprocessing: Preprocessing | None
    grid: int | None
    dim: int
    text_dim: int | None

    @property
    def sha256(self) -> str:
        """Hash over the names and hashes of all weight files."""
        return hashlib.sha256(
            "\n".join(f"{name}={self.files[name]}" for name in sorted(self.files)).encode()
        ).hexdigest()

    @property
    def version(self) -> str:
        """Short name that changes with weights or preprocessing: `rad-dino-1f0c9a`."""
        recipe = json.dumps(self.preprocessing and self.preprocessing.as_record(), sort_keys=True)
        return f"{self.name}-{hashlib.sha256((self.sha256 + recipe).encode()).hexdigest()[:6]}"

    def as_record(self) -> dict[str, Any]:
        """JSON form. Written as `card.json` beside the weights it is compared with them at every later load."""
        record = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            **record,
            "files": dict(self.files),
            "preprocessing": self.preprocessing and self.preprocessing.as_record(),
            "sha256": self.sha256,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A published model that an adapter reads: what its owners say of licence and access, and where.

    `files` are names of its weight files that no other model's have.
    """

    hub_id: str
    name: str
    family: str
    licence: str
    gated: bool
    files: tuple[str, ...]
    notes: str
    url: str


@cache
def known_models() -> tuple[KnownModel, ...]:
    """Every published model of the table, in its order."""
    rows = json.loads(_KNOWN.read_text(encoding="utf-8"))["models"]
    return tuple(KnownModel(**{**row, "files": tuple(row["files"])}) for row in rows)


def licence_tier(licence: str) -> LicenceTier:
    """The tier of a licence by its SPDX id or its owner's name for it; "unknown" for any other."""
    tiers: Mapping[str, LicenceTier] = json.loads(_KNOWN.read_text(encoding="utf-8"))["licences"]
    return tiers.get(licence.lower(), "unknown")


def recorded_card(folder: Path) -> Mapping[str, Any]:
    """The `card.json` of a folder; empty where there is none. Raises ModelError when it is no JSON object."""
    path = folder / CARD_FILE
    if not path.exists():
        return {}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{CARD_FILE} of {folder.name} can't be read as JSON; write it again") from error
    if not isinstance(record, dict):
        raise ModelError(f"{CARD_FILE} of {folder.name} holds no JSON object; write it again")
    return record


def make_card(
    *,
    path: Path,
    source: str,
    revision: str | None,
    family: str,
    files: Sequence[Path],
    preprocessing: Preprocessing | None,
    grid: int | None,
    dim: int,
    text_dim: int | None,
) -> ModelCard:
    """The card of a model at `path`; its own `card.json` decides, then its README's front matter, then the table.

    Raises ModelError when the recorded hash of a weight file differs from what lies there.
    """
    folder = path if path.is_dir() else path.parent
    recorded = recorded_card(folder)
    known = _known(source, path, files)
    hashes = {file.name: file_sha256(file) for file in sorted(files)}
    check_hashes(hashes, recorded)
    readme = _front_matter(folder / "README.md")
    said = readme.get("license_name") or readme.get("license")
    licence = str(recorded.get("licence") or said or (known.licence if known else "unknown"))
    return ModelCard(
        name=str(recorded.get("name") or (known.name if known else path.stem.lower().replace(" ", "-"))),
        family=family,
        source=source,
        revision=revision,
        licence=licence,
        licence_tier=licence_tier(licence),
        notes=str(recorded.get("notes") or (known.notes if known else "")),
        files=hashes,
        preprocessing=preprocessing,
        grid=grid,
        dim=dim,
        text_dim=text_dim,
    )


def check_hashes(hashes: Mapping[str, str], recorded: Mapping[str, Any]) -> None:
    """Compare with the `files` of a recorded card; ModelError names the first file that differs or is missing."""
    for name, expected in sorted(dict(recorded.get("files") or {}).items()):
        got = hashes.get(name, "no such file")
        if got != expected:
            raise ModelError(
                f"weight file {name} is not the recorded one: expected SHA-256 {str(expected)[:12]}…, "
                f"got {got[:12]}; fetch it again, or delete {CARD_FILE} if the change was meant"
            )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; ModelError when it can't be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ModelError(f"weight file {path.name} is missing in {path.parent.name}/; fetch the model again") from error
    return digest.hexdigest()


def _known(source: str, path: Path, files: Sequence[Path]) -> KnownModel | None:
    """The table's row for a hub id, or for local files that kept the name of their repository or their own."""
    names = {source.lower(), path.name.lower(), path.parent.name.lower()}
    given = {file.name for file in files}
    for model in known_models():
        repository = model.hub_id.lower().rpartition("/")[2]
        if model.hub_id.lower() in names or repository in names or given & set(model.files):
            return model
    return None


def _front_matter(readme: Path) -> dict[str, str]:
    """`key: value` lines of the block between `---` at the top of a model's README."""
    if not readme.exists():
        return {}
    lines = readme.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    pairs = {}
    for line in lines[1:]:
        if line.strip() == "---":
            break
        key, separator, value = line.partition(":")
        if separator and value.strip() and not key.startswith((" ", "-")):
            pairs[key.strip()] = value.strip().strip("\"'")
    return pairs
