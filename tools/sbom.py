"""What casekin stands on: a CycloneDX list of it, its licences, and what is known to be vulnerable in it.

    python tools/sbom.py --out out/sbom.json

writes the list (the environment that runs this, which constraints.txt pins), then looks at what casekin needs when it
runs: the core and every extra but those for testing and measuring. Exit code 1: a licence that isn't in `ALLOWED`, or a
version with a known vulnerability. Where no vulnerability service can be reached it says so and goes on.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TOOLS = {"bench", "engines", "test"}
"""Extras that nobody needs to run casekin."""
ALLOWED = {
    "0BSD", "3-Clause BSD License", "Apache 2.0", "Apache 2.0 License", "Apache License 2.0", "Apache Software License",
    "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "CNRI-Python", "ISC", "ISC License (ISCL)", "MIT", "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License", "Unlicense", "Zlib",
}  # fmt: skip
"""Licences as packages name them. MPL-2.0 asks that changes to its own files stay open; using it asks for nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="Where the CycloneDX JSON goes.")
    parser.add_argument("--offline", action="store_true", help="Ask no vulnerability service.")
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    print(f"{write_sbom(arguments.out)} packages listed in {arguments.out}")
    licences = runtime_licences()
    refused = {name: licence for name, licence in licences.items() if not is_allowed(licence)}
    for name, licence in refused.items():
        print(f"licence not allowed: {name}: {licence}", file=sys.stderr)
    print(f"{len(licences)} packages needed to run, {len(refused)} with a licence that isn't allowed")
    vulnerable = () if arguments.offline else audit()
    return 1 if refused or vulnerable else 0


def write_sbom(out: Path) -> int:
    """Write the CycloneDX list of this environment; returns how many packages it names."""
    command = (
        "-m", "cyclonedx_py", "environment", sys.executable, "--pyproject", str(ROOT / "pyproject.toml"),
        "--output-format", "JSON", "--output-reproducible", "--no-validate", "--output-file", str(out),
    )  # fmt: skip
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return len(json.loads(out.read_text(encoding="utf-8"))["components"])


def runtime_licences() -> dict[str, str]:
    """The licence of every installed package that casekin needs when it runs, as the package says it, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(need for name in sorted(extras) if name not in TOOLS for need in extras[name]),
    ]
    waiting = [Requirement(need) for need in wanted]
    found: dict[str, str] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        need = waiting.pop()
        key = (canonicalize_name(need.name), tuple(sorted(need.extras)))
        if key not in seen:
            seen.add(key)
            try:
                package = importlib.metadata.distribution(need.name)
            except importlib.metadata.PackageNotFoundError:
                found[key[0]] = "not installed"
                continue
            found[key[0]] = licence_of(package.metadata)
            waiting += _needs(package, need.extras)
    return dict(sorted(found.items()))


def licence_of(metadata: Any) -> str:
    """The licence in a package's metadata: its expression, else its classifiers, else its first line in words."""
    entries = [entry.split(" :: ") for entry in metadata.get_all("Classifier") or ()]
    classified = {entry[-1] for entry in entries if entry[0] == "License"} - {"OSI Approved"}
    words = (metadata.get("License") or "").strip().partition("\n")[0]
    return str(metadata.get("License-Expression") or " AND ".join(sorted(classified)) or words or "none stated")


def is_allowed(licence: str) -> bool:
    """Whether every licence that applies is allowed; of alternatives, one."""
    terms = re.split(r"\s+AND\s+", re.sub(r"\(([^()]*\s+OR\s+[^()]*)\)", r"\1", licence))
    return all(any(choice.strip() in ALLOWED for choice in re.split(r"\s+OR\s+", term)) for term in terms)


def audit() -> tuple[str, ...]:
    """Known vulnerabilities of what is installed, as `package version: ids`; told, with what could not be asked."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "audit.json"
        command = ("-m", "pip_audit", "--local", "--skip-editable", "--progress-spinner", "off", "--timeout", "5")
        done = subprocess.run(
            [sys.executable, *command, "--format", "json", "--output", str(report)], capture_output=True, check=False
        )
        packages = json.loads(report.read_text(encoding="utf-8"))["dependencies"] if report.exists() else []
    asked = [package for package in packages if "vulns" in package]
    if not asked:
        print(
            f"VULNERABILITIES NOT AUDITED: no service answered (pip-audit ended with {done.returncode}); run this "
            "where PyPI's advisories can be reached before a release",
            file=sys.stderr,
        )
        return ()
    found = tuple(
        f"{package['name']} {package['version']}: {', '.join(entry['id'] for entry in package['vulns'])}"
        for package in asked
        if package["vulns"]
    )
    for line in found:
        print(f"vulnerable: {line}", file=sys.stderr)
    print(f"{len(asked)} of {len(packages)} packages audited, {len(found)} with known vulnerabilities")
    return found


def _needs(package: importlib.metadata.Distribution, extras: set[str]) -> Iterator[Requirement]:
    """What a package needs here, with the extras asked of it."""
    for line in package.requires or ():
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield need


if __name__ == "__main__":
    sys.exit(main())
