"""Write docs/reference from the code: commands, Python names, settings, errors, places, findings, benchmarks.

`python tools/build_reference.py` rewrites the pages; a test builds them anew and fails when one differs from the kept.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[1]
MADE = "<!-- Written by tools/build_reference.py from the code; change the code, then run `make docs`. -->"


def build_pages(root: Path = ROOT) -> dict[str, str]:
    """File name → text of every page of docs/reference, index included."""
    pages = {
        "cli.md": cli_page(),
        "python.md": python_page(),
        "settings.md": settings_page(root),
        "errors.md": errors_page(),
        "places.md": places_page(),
        "findings.md": findings_page(),
        "measures.md": measures_page(),
        "models.md": models_page(root),
        "benchmarks.md": benchmarks_page(root),
    }
    lines = [f"- [{text.splitlines()[2].removeprefix('# ')}]({name})" for name, text in pages.items()]
    return {"index.md": page("Reference", "\n".join(lines)), **pages}


def page(title: str, body: str) -> str:
    """A page with the note that it is generated."""
    return f"{MADE}\n\n# {title}\n\n{body.strip()}\n"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; cells are kept on one line."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines
    )


def prose(text: str) -> str:
    """A docstring's text, its reflowed paragraphs."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def cli_page() -> str:
    """Every command with its options, from the click objects themselves."""
    from casekin.cli import app

    context = click.Context(app, info_name="casekin")
    intro = (
        "Every command takes `--help`. Exit codes: 0 done (without a hit, too), 1 failed (one line on stderr), "
        "2 wrong usage. "
        "With `--json` stdout holds one JSON document and nothing else; progress goes to stderr."
    )
    parts = [intro]
    parts += [command_section(command) for command in walk_commands(app, context)]
    return page("Commands", "\n\n".join(parts))


def walk_commands(group: click.Group, context: click.Context) -> Iterator[click.Context]:
    """The context of every command that does something, those of a command's own commands in its place."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from walk_commands(command, inner)
        else:
            yield inner


def command_section(context: click.Context) -> str:
    """Heading, usage, help, options, example of one command."""
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [
        f"## {context.command_path}",
        f"```console\n$ {context.command_path} {usage}\n```",
        prose(command.help or ""),
    ]
    rows = [option_row(option, context) for option in command.params if isinstance(option, click.Option)]
    if rows:
        parts.append(table(("option", "value", "default", "meaning"), rows))
    if command.epilog:
        parts.append("Example:\n\n```console\n$ " + command.epilog.removeprefix("Example:").strip() + "\n```")
    return "\n\n".join(part for part in parts if part)


def option_row(option: click.Option, context: click.Context) -> tuple[str, ...]:
    """Names, value, default and help of one option; the help page of click is the source."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f"`{option.make_metavar(context)}`"
    shown = option.required or option.is_flag or option.default is None or option.multiple or callable(option.default)
    default = (
        "required" if option.required else "" if shown or "UNSET" in repr(option.default) else f"`{option.default}`"
    )
    return names, value + (" (repeatable)" if option.multiple else ""), default, option.help or ""


def python_page() -> str:
    """Every name of `casekin.__all__` with signature and docstring."""
    package = importlib.import_module("casekin")
    parts = ["`import casekin` loads none of these until it is used."]
    for name in package.__all__:
        thing = getattr(package, name)
        where = f"{thing.__module__}.{name}"
        parts.append(
            f"## {name}\n\n`{where}`\n\n```text\n{signature(name, thing)}\n```\n\n{prose(thing.__doc__ or '')}"
        )
        if inspect.isclass(thing):
            parts.extend(method_section(name, method, function) for method, function in public_methods(thing))
    return page("Python", "\n\n".join(parts))


def public_methods(cls: type[Any]) -> list[tuple[str, Any]]:
    """Documented methods and properties that a class defines itself, in the order of their definition."""
    return [
        (name, getattr(thing, "fget", None) or getattr(thing, "__func__", None) or thing)
        for name, thing in vars(cls).items()
        if not name.startswith("_") and getattr(thing, "__doc__", None) and not inspect.isdatadescriptor(thing)
    ]


def method_section(owner: str, name: str, function: Any) -> str:
    """One method of a class."""
    return f"### {owner}.{name}\n\n```text\n{signature(name, function)}\n```\n\n{prose(function.__doc__ or '')}"


def signature(name: str, thing: Any) -> str:
    """The call as one would read it: one parameter a line where it would be long."""
    try:
        call = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    parameters = [str(parameter).replace("'", "") for parameter in call.parameters.values()]
    kinds = [parameter.kind for parameter in call.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parameters.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    result = (
        ""
        if call.return_annotation in (inspect.Signature.empty, None)
        else f" -> {call.return_annotation}".replace("'", "")
    )
    line = f"{name}({', '.join(parameters)}){result}"
    return line if len(line) <= 100 else f"{name}(\n    " + ",\n    ".join(parameters) + f",\n){result}"


def settings_page(root: Path) -> str:
    """Every environment variable that settings.py reads, with the sentence of `Settings` that explains it."""
    from casekin.settings import Settings

    source = (root / "src" / "casekin" / "settings.py").read_text(encoding="utf-8")
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    names = sorted({text for text in strings if isinstance(text, str) and re.fullmatch(r"CASEKIN_[A-Z_]+", text)})
    told = dict(
        re.findall(r"`\w+` \(`(CASEKIN_[A-Z_]+)`\): (.+?)(?=\n\s*`\w+` \(|\Z)", Settings.__doc__ or "", flags=re.DOTALL)
    )
    missing = [name for name in names if name not in told]
    assert not missing, f"casekin.settings.Settings: the docstring doesn't explain {missing}"
    return page(
        "Settings",
        "Read from the environment, once, by the doors.\n\n"
        + table(("variable", "meaning"), [(f"`{name}`", told[name]) for name in names]),
    )


def errors_page() -> str:
    """The tree of error classes, with the statuses that the service gives them."""
    from casekin import errors
    from casekin.api.problems import PROBLEMS

    lines = [
        "All derive from `CasekinError`. The command line ends with exit code 1 and one line on stderr, the service "
        "answers with the status given.\n"
    ]

    def walk(cls: type[errors.CasekinError], depth: int) -> None:
        told = " ".join((cls.__doc__ or "").split())
        status = next(PROBLEMS[kind][0] for kind in cls.__mro__ if kind in PROBLEMS)
        lines.append(f"{'  ' * depth}- `{cls.__name__}` ({status}): {told}")
        for child in cls.__subclasses__():
            if child.__module__ == errors.__name__:
                walk(child, depth + 1)

    walk(errors.CasekinError, 0)
    return page("Errors", "\n".join(lines))


def places_page() -> str:
    """The names that `--at` and `--where` understand."""
    from casekin.anatomy import ANATOMIES, LOCATIONS, anatomy

    located = {place.anatomy for place in LOCATIONS}
    views = {"cr_frontal": "frontal", "cr_lateral": "lateral", "ct": "CT", "mr": "MR"}
    rows = []
    for name in sorted(ANATOMIES):
        entry = anatomy(name)
        sides = (entry.only or "left, right, bilateral") if entry.paired else ""
        wholes = ", ".join(f"`{whole}`" for whole in entry.part_of)
        written = ", ".join((*entry.synonyms, *entry.plurals, *chain.from_iterable(entry.sided_synonyms.values())))
        seen = ", ".join(told for view, told in views.items() if view in entry.visible)
        rows.append((f"`{name}`", sides, wholes, written, seen, "yes" if name in located else ""))
    body = (
        'A place is an anatomy with its (patient\'s) side: `left_lower_lobe`, "left lower lobe" and "Left-Lower-Lobe" '
        f"are one. On frontal radiographs {len(LOCATIONS)} places are located; others become weights over those. A "
        "place is seen in chest radiographs of a view, and in CT or MR of its part of the body.\n\n"
    )
    return page("Places", body + table(("anatomy", "sides", "part of", "also written", "seen in", "located"), rows))


def findings_page() -> str:
    """The findings that reports are read for and filters name."""
    from casekin.findings import FINDINGS, finding

    rows = []
    for name in sorted(FINDINGS):
        entry = finding(name)
        parents = ", ".join(f"`{parent}`" for parent in entry.parents)
        rows.append((f"`{name}`", entry.kind, parents, entry.homes[0], ", ".join(entry.synonyms)))
    head = ("finding", "kind", "a kind of", "place where none is said", "also written")
    return page("Findings", f"{len(rows)} concepts.\n\n" + table(head, rows))


def measures_page() -> str:
    """Every measure with its plain words, formula, value by chance and source, from their docstrings."""
    from casekin.evaluation.measures import MEASURES
    from casekin.evaluation.measures.calibration import CONFIDENCE_MEASURES, ConformalCoverage
    from casekin.evaluation.measures.grounding import GROUNDING_MEASURES, GROUNDING_PROTOCOLS

    def name(kind: Any) -> str:
        return f"`{kind.label}@k`" if getattr(kind, "takes_cutoff", "never") == "always" else f"`{kind.label}`"

    def rows(kinds: Any) -> list[tuple[str, ...]]:
        better = [getattr(kind, "better", "") for kind in kinds]
        told = [(name(kind), kind.plain, prose(kind.__doc__ or "")) for kind in kinds]
        return [(*row, good) if good else row for row, good in zip(told, better, strict=True)]

    head = ("name", "in plain words", "formula, value by chance, source")
    protocols = [
        (f"`{one.name}`", f"σ {one.smoothing}", one.upsampling, "yes" if one.rescaled else "no", one.empty, one.source)
        for one in GROUNDING_PROTOCOLS.values()
    ]
    drawn = ("protocol", "smoothing", "upsampling", "stretched to [-1, 1]", "empty prediction", "coded so in")
    parts = [
        "A name is written as ir-measures does, `nDCG@10` or `P(rel=2)@5`; `rel` is the least grade that counts as "
        "relevant, 1 unless told. What each is for: [Measures](../concepts/measures.md).",
        "## Rankings\n\n" + table((*head, "better"), rows(MEASURES.values())),
        "## Pointing at a finding\n\n" + table(head, rows(GROUNDING_MEASURES.values())),
        table(drawn, protocols),
        "## Confidence\n\n" + table(head, rows([*CONFIDENCE_MEASURES.values(), ConformalCoverage])),
    ]
    return page("Measures", "\n\n".join(parts))


def models_page(root: Path) -> str:
    """The card of every shipped model, with the records in docs/evaluation that are of this very model."""
    from casekin.evaluation.cards.model_card import render_model_card
    from casekin.models.image_encoder import card_version
    from casekin.models.weights import FOLDER, read_card

    records = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((root / "docs/evaluation").glob("*.json"))
    ]
    cards = [read_card(path) for path in sorted(FOLDER.glob("*.json"))]
    parts = []
    for card in cards:
        measured = [record for record in records if record["model_version"] == card_version(card)]
        _, _, text = render_model_card(card, evaluations=measured).partition("\n---\n")
        parts.append(re.sub(r"^#", "##", text, flags=re.MULTILINE))
    told = "The cards that `casekin evaluate` writes, of the models that come with casekin."
    return page("Models", "\n\n".join([told, *parts]))


def benchmarks_page(root: Path) -> str:
    """What each benchmark promises: its docstring."""
    parts = ["Each is a script that stores its figures as JSON in `benchmarks/results`; `make bench` runs all."]
    for path in sorted((root / "benchmarks").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if '__name__ == "__main__"' in source:
            parts.append(f"## {path.name}\n\n{prose(ast.get_docstring(ast.parse(source)) or '')}")
    return page("Benchmarks", "\n\n".join(parts))


def main() -> None:
    """Write the pages and remove pages that no longer exist."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "reference")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    pages = build_pages()
    for path in sorted(folder.glob("*.md")):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages in {folder}")


if __name__ == "__main__":
    main()
