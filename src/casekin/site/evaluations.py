"""Evaluations kept in a state folder: folders of pages and figures, which show the films of single cases."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from casekin.site.books import Books

FOLDER = "evaluations"


class Evaluations:
    """What `casekin evaluate` wrote into a state folder, one folder each."""

    def __init__(self, books: Books) -> None:
        self.folder = books.folder / FOLDER

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Remove whole evaluations that name one of these cases, since its film and report may stand beside; how many.

        They can be made anew. Patients aren't named in them.
        """
        found = self.folder.iterdir() if case_ids and self.folder.is_dir() else ()
        forms = {form for name in case_ids for form in (name, json.dumps(name)[1:-1], html.escape(name))}
        naming = re.compile(b"|".join(rb"(?<![\w-])" + re.escape(form.encode()) + rb"(?![\w-])" for form in forms))
        named = [one for one in sorted(found) if any(naming.search(file.read_bytes()) for file in _files(one))]
        for one in named:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        return len(named)


def _files(place: Path) -> list[Path]:
    return [file for file in (place, *place.rglob("*")) if file.is_file()]
