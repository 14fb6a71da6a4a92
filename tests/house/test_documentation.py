"""What is written is true: the reference is current, code in pages runs, commands parse, links lead somewhere."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import click
import pytest

from casekin.cli import app

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")])
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".json", ".html", ".css", ".js", ".yml", ".yaml", ""}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Split so that this file does not contain what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.~])/(?:work|" + "root|home|tmp" + r")/")
LEFT_OVER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
LIBRARIES = ("faiss", "fastapi", "onnxruntime", "PIL.Image", "pydicom", "scipy.ndimage", "scipy.stats", "torch")
REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.", "deb" + r"\.debian"]))


def blocks(page: Path, language: str) -> list[str]:
    """The page's fenced blocks of one language, in order."""
    return [body for name, body in FENCE.findall(page.read_text(encoding="utf-8")) if name == language]


def text_files() -> Iterator[Path]:
    """Every text file of the project that a person wrote or that ships."""
    folders = (ROOT / name for name in ("src", "tests", "tools", "benchmarks", "docs", ".ci"))
    for path in sorted([*ROOT.glob("*"), *(path for folder in folders for path in folder.rglob("*"))]):
        if path.is_file() and path.suffix in TEXT_SUFFIXES and "__pycache__" not in path.parts:
            yield path


def reference_builder() -> ModuleType:
    """tools/build_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "tools" / "build_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    built = reference_builder().build_pages()
    assert sorted(kept) == sorted(built), "run: make docs"
    assert not [name for name in built if kept[name] != built[name]], "run: make docs"


def test_every_command_and_option_explains_itself() -> None:
    silent = []
    for context in reference_builder().walk_commands(app, click.Context(app, info_name="casekin")):
        command, name = context.command, context.command_path
        if not command.help or "Example:" not in (command.epilog or ""):
            silent.append(name)
        options = [option for option in command.params if isinstance(option, click.Option)]
        silent += [f"{name} {option.opts[-1]}" for option in options if not option.help and not has_choices(option)]
        silent += [] if "--json" in {text for option in options for text in option.opts} else [f"{name}: no --json"]
    assert not silent


def has_choices(option: click.Option) -> bool:
    """Whether the values say what the option does: a list of choices."""
    return isinstance(option.type, click.Choice)


def console_commands() -> list[tuple[str, list[str]]]:
    """`(page, words)` of every command line in the console blocks of all pages."""
    found = []
    for page in PAGES:
        for block in blocks(page, "console"):
            lines = block.replace("\\\n", " ").splitlines()
            found += [(page.name, shlex.split(line[2:], comments=True)) for line in lines if line.startswith("$ ")]
    return found


def test_every_casekin_command_in_a_page_is_one_that_the_program_understands() -> None:
    context = click.Context(app)
    commands = [(page, words) for page, words in console_commands() if words[:1] == ["casekin"] and words[1:]]
    assert commands
    for page, words in commands:
        if page == "cli.md" and "[OPTIONS]" in words:
            continue
        command: click.Command | None = app
        while isinstance(command, click.Group):
            name, *words = words[1:] if command is app else words
            command = command.get_command(context, name)
            assert command is not None, (page, name)
        if not {"--help", "-h"} & set(words):
            command.make_context(name, words)


def test_every_make_target_in_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    used = {word for _, words in console_commands() if words[:1] == ["make"] for word in words[1:] if "=" not in word}
    assert used
    assert used <= targets


def run_program(program: Path, told: Path) -> None:
    """Run a file as a program in its own folder; what it tells goes into another file."""
    os.chdir(program.parent)
    os.dup2(os.open(told, os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(1, 2)
    sys.path = [path for path in sys.path if not Path(path).is_relative_to(ROOT / "tests")]
    runpy.run_path(str(program), run_name="__main__")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, small_archive: Path, small_index: Path, tmp_path: Path) -> None:
    """A page's blocks run as one program in a folder that holds `archive/` and `archive.index/`.

    Each runs in a process that was forked from one with other people's libraries loaded, which takes longest.
    """
    (tmp_path / "archive").symlink_to(small_archive)
    (tmp_path / "archive.index").symlink_to(small_index)
    program, told = tmp_path / "program.py", tmp_path / "told"
    program.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(list(LIBRARIES))
    process = processes.Process(target=run_program, args=(program, told))
    process.start()
    process.join(timeout=300)
    process.kill()
    assert process.exitcode == 0, told.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings answer to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_project_resolve(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in LINK.findall(text):
        target, _, fragment = unquote(link).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        place = (page.parent / target).resolve() if target else page
        found = place.exists() and place.is_relative_to(ROOT)
        if not found or (fragment and fragment not in anchors(place)):
            broken.append(link)
    assert not broken


def test_every_page_of_docs_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link.split("#")[0]).resolve() for link in links if not re.match(r"[a-z]+:", link)]
    assert not [str(page) for page in sorted((ROOT / "docs").rglob("*.md")) if page not in reached]


def test_nothing_names_a_machine_a_registry_or_work_left_over() -> None:
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if any(pattern.search(line) for pattern in (MACHINE_PATHS, LEFT_OVER, REGISTRIES)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found
