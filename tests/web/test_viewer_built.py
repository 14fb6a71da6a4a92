"""The viewer's committed files: built from the sources beside them, small, and with the licences of what they carry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import casekin.web

BUILT = Path(casekin.web.__file__).parent / "static" / "viewer"
SOURCES = Path(__file__).parents[2] / "viewer"
MOST_BYTES = 1_000_000


def test_the_built_files_were_made_from_the_sources_as_they_are() -> None:
    names = ["package-lock.json", "vite.config.js"]
    names += [path.relative_to(SOURCES).as_posix() for part in ("slim", "src") for path in (SOURCES / part).iterdir()]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (SOURCES / name).read_bytes())
    stored = (BUILT / "sources.sha256").read_text(encoding="ascii").strip()
    assert digest.hexdigest() == stored, "run `npm ci && npm run build` in viewer/"


def test_the_built_files_are_small_and_hold_no_eval_and_no_foreign_address() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in BUILT.glob("*.js")}
    assert sum(len(text) for text in scripts.values()) < MOST_BYTES
    assert len(scripts["viewer.js"]) < 60_000
    for text in scripts.values():
        assert "new Function(" not in text
        assert "import(`http" not in text


def test_every_package_that_may_be_bundled_has_a_licence_that_may_be_shipped() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    told = (BUILT / "THIRD_PARTY.txt").read_text(encoding="utf-8")
    used = [part.splitlines() for part in told.split("-" * 78)[1:]]
    for part in used:
        name, version = part[2].rsplit(" ", 1)
        package = lock["packages"][f"node_modules/{name}"]
        assert (package["version"], package["license"]) == (version, part[3])
        assert package["license"] in {"MIT", "BSD-3-Clause", "Apache-2.0", "ISC", "(WTFPL OR MIT)"}
        assert len("\n".join(part)) > 500
    assert {part[2].split()[0] for part in used} >= {"@cornerstonejs/core", "@kitware/vtk.js"}
