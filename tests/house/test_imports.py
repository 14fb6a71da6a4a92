"""The house holds: import directions, what an import may load, file sizes, names, and calls that are never made."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "casekin"
PROGRAM_FOLDERS = ("src", "tests", "tools", "benchmarks")
MAX_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
HEAVY = ("torch", "pydicom", "nibabel", "faiss", "onnxruntime", "fastapi", "scipy", "PIL", "jinja2", "gdcm")
PRINTING = {"print", "pprint"}
UNSAFE_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib"}
SERVICE = {
    "anyio", "authlib", "fastapi", "httpx2", "joserfc", "prometheus_client", "pydantic", "python_multipart",
    "starlette", "uvicorn",
}  # fmt: skip
ADAPTERS = {"huggingface_hub", "pyarrow", "safetensors", "torch", "transformers"}
TEXT = (PACKAGE / "models" / "text", PACKAGE / "training" / "text")
# Packages of the core whose import name is not their own.
IMPORT_NAMES = {
    "pillow": "PIL", "faiss-cpu": "faiss", "pyjpegls": "jpeg_ls", "pylibjpeg-openjpeg": "openjpeg",
    "pylibjpeg-rle": "rle", "python-gdcm": "gdcm",
}  # fmt: skip
# `import casekin` loads its own names and what dataclasses and typing need; `--help` adds click and the commands.
GIVEN = {"weights_only", "allow_pickle", "shell"}
"""Named arguments that a rule looks at."""
IMPORT_BUDGET = 60
HELP_BUDGET = 220


def program_files(*folders: str) -> list[Path]:
    """Every Python file of the named top folders, in order of path."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: the dotted name of what is called, its line, whether it has arguments by place, the others as written."""

    name: str
    line: int
    has_arguments: bool
    given: dict[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules ask of a file: first parts of its absolute imports, its calls, dotted names of its attributes."""

    roots: frozenset[str]
    calls: tuple[Call, ...]
    attributes: frozenset[str]


@cache
def facts(path: Path) -> Facts:
    """Every file is parsed once for all rules."""
    roots: set[str] = set()
    found: list[Call] = []
    attributes: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            roots.add(node.module.split(".")[0])
        elif isinstance(node, ast.Attribute):
            attributes.add(dotted(node))
        elif isinstance(node, ast.Call):
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg in GIVEN}
            name, line = dotted(node.func), node.lineno
            found.append(Call(name=name, line=line, has_arguments=bool(node.args), given=given))
    return Facts(roots=frozenset(roots), calls=tuple(found), attributes=frozenset(attributes))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or a chain of attributes; what isn't a name in it is `?`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def modules_loaded_by(statement: str) -> set[str]:
    """Names in `sys.modules` after a statement that were not there in the bare interpreter."""
    script = (
        "import json, sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "sys.stderr.write(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stderr))


HELP = "from casekin.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code"


@pytest.mark.parametrize(
    ("statement", "budget"), [("import casekin", IMPORT_BUDGET), (HELP, HELP_BUDGET)], ids=["import", "help"]
)
def test_a_first_import_loads_nothing_heavy_and_little_at_all(statement: str, budget: int) -> None:
    loaded = modules_loaded_by(statement)
    assert not sorted(name for name in loaded if name.split(".")[0] in HEAVY)
    assert len(loaded) <= budget


def test_import_directions_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_one_idea() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in program_files(*PROGRAM_FOLDERS)}
    assert not [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > MAX_LINES]


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    paths = [path.relative_to(ROOT) for path in program_files(*PROGRAM_FOLDERS)]
    assert not [str(path) for path in paths for part in path.parts if FORBIDDEN_NAMES & set(Path(part).stem.split("_"))]


def test_only_doors_tools_and_benchmarks_print() -> None:
    files = [path for path in program_files("src", "tests") if not path.is_relative_to(PACKAGE / "cli")]
    assert not [str(path.relative_to(ROOT)) for path in files if {c.name for c in facts(path).calls} & PRINTING]


def test_only_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in program_files("src")
        if path != PACKAGE / "settings.py"
        if facts(path).attributes & {"os.environ", "os.getenv", "os.environb"}
    ]
    assert not readers


def test_the_core_imports_only_what_it_declares_and_service_and_training_only_their_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=~! ]", line)[0] for line in project["dependencies"]}
    core = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in declared}
    service = {PACKAGE / "api", PACKAGE / "web", PACKAGE / "cli"}
    strangers = []
    for path in program_files("src"):
        allowed = core | {"casekin"} | set(sys.stdlib_module_names)
        allowed |= SERVICE if service & set(path.parents) else set()
        allowed |= {"accelerate", "onnx", "torch"} if PACKAGE / "training" in path.parents else set()
        allowed |= ADAPTERS if PACKAGE / "models" / "adapters" in path.parents else set()
        allowed |= {"fsspec"} if path == PACKAGE / "index" / "upkeep" / "targets.py" else set()
        allowed |= {"pymilvus"} if path == PACKAGE / "index" / "cluster" / "server.py" else set()
        allowed |= {"pyarrow"} if path == PACKAGE / "journeys" / "ingesting" / "shards.py" else set()
        allowed |= {"opentelemetry"} if path == PACKAGE / "api" / "tracing.py" else set()
        allowed |= {"httpx2"} if PACKAGE / "client" in path.parents else set()
        allowed |= {"pynetdicom"} if PACKAGE / "listener" in path.parents else set()
        allowed |= {"httpx2"} if path == PACKAGE / "journeys" / "receiving" / "peers.py" else set()
        allowed |= {"python_multipart"} if path == PACKAGE / "journeys" / "receiving" / "parts.py" else set()
        allowed |= {"ray"} if path == PACKAGE / "journeys" / "ingesting" / "cluster.py" else set()
        allowed |= {"tokenizers"} if set(TEXT) & set(path.parents) else set()
        strangers += [f"{path}: {name}" for name in sorted(facts(path).roots - allowed)]
    assert not strangers


@pytest.mark.parametrize("folder", PROGRAM_FOLDERS)
def test_nothing_that_runs_code_from_data_is_imported_or_called(folder: str) -> None:
    found = []
    for path in program_files(folder):
        found += [f"{path}: import {name}" for name in sorted(facts(path).roots & UNSAFE_MODULES)]
        for call in facts(path).calls:
            if (
                call.name in ("eval", "exec", "os.system")
                or (call.name == "torch.load" and call.given.get("weights_only") != "True")
                or call.given.get("allow_pickle", "False") != "False"
                or call.given.get("shell", "False") != "False"
            ):
                found.append(f"{path}:{call.line}: {call.name}")
    assert not found


def test_randomness_is_seeded_and_passed_in() -> None:
    unseeded = []
    for path in program_files("src"):
        unseeded += [f"{path}: import random"] if "random" in facts(path).roots else []
        for call in facts(path).calls:
            legacy = re.fullmatch(r"(np|numpy)\.random\.[a-z_]+", call.name) and not call.name.endswith("default_rng")
            if legacy or (call.name.endswith("default_rng") and not call.has_arguments):
                unseeded.append(f"{path}:{call.line}: {call.name}")
    assert not unseeded


def test_every_package_has_tests_of_its_own() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    tested = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert not sorted(packages - tested)
