"""What an evaluation keeps of its own work, so that stopped or repeated it isn't done again: runs and small records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casekin import anatomy, evaluation, findings, imaging, models, retrieval
from casekin import index as index_package
from casekin.evaluation import Run, read_run, write_run
from casekin.journeys.evaluating.index import IndexTask
from casekin.journeys.evaluating.results import run_file
from casekin.journeys.mining.reading import digest_files, package_files

DEPTH = 1000
"""Ranks that a run holds: TREC's usual depth, and the most that a search lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Files of a folder, each beside a hidden stamp: of what data and code it is, and what it was written as."""

    folder: Path
    stamp: str

    def keep_run(self, name: str, make: Callable[[], Run]) -> Run:
        """The run of this name: as kept, where stamp and file are as they were left, else made and kept."""
        file = self.folder / run_file(name)
        if self._is_whole(file):
            return replace(read_run(file), name=name)
        run = make()
        self._write(file, lambda: write_run(file, run))
        return run

    def keep_record(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The same of plain JSON, in a hidden file."""
        file = self.folder / f".{name}.json"
        if not self._is_whole(file):
            text = json.dumps(make(), ensure_ascii=False)
            self._write(file, lambda: file.write_text(text + "\n", encoding="utf-8"))
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return record

    def _is_whole(self, file: Path) -> bool:
        stamp = _stamp_file(file)
        return file.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == self._mark(file)

    def _write(self, file: Path, write: Callable[[], object]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _stamp_file(file).unlink(missing_ok=True)
        write()
        _stamp_file(file).write_text(self._mark(file), encoding="utf-8")

    def _mark(self, file: Path) -> str:
        return f"{self.stamp} {hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def stamp_of(asked: IndexTask) -> str:
    """One name for everything that runs depend on."""
    gallery = [(entry.case_id, entry.patient) for entry in asked.entries]
    queries = [question.query_id for question in asked.questions]
    labels = asked.task.judgements.version
    return digest(asked.index_version, asked.model_version, labels, gallery, queries, DEPTH, code_version())


def code_version() -> str:
    """SHA-256 of the code that ranks."""
    packages = (anatomy, evaluation, findings, imaging, index_package, models, retrieval)
    here = Path(__file__).parent
    own = (*here.glob("*.py"), here.parent / "search.py")
    return digest_files([*own, *(path for package in packages for path in package_files(package))])


def digest(*parts: object) -> str:
    """SHA-256 of plain values."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _stamp_file(file: Path) -> Path:
    return file.with_name(f".{file.name.removeprefix('.')}.stamp")
