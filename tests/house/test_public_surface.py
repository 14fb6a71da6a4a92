"""What a caller may import exists, explains itself, and is loaded only when asked for."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "casekin"
PACKAGES = ["casekin", *sorted(f"casekin.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py"))]


def public_names(package: str) -> list[str]:
    """The package's `__all__`; empty where it declares none."""
    return list(getattr(importlib.import_module(package), "__all__", []))


def has_own_docstring(thing: object, name: str) -> bool:
    """Whether a class, function or module has a docstring that a person wrote (dataclasses generate one)."""
    text = inspect.getdoc(thing) or ""
    return bool(text) and not text.startswith(f"{name}(")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_is_for(package: str) -> None:
    assert importlib.import_module(package).__doc__


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_exist_sorted_once_and_with_a_docstring(package: str) -> None:
    module, names = importlib.import_module(package), public_names(package)
    assert len(names) == len(set(names))
    things = {name: getattr(module, name) for name in names}
    documented = (type, type(public_names), type(importlib))
    assert not [
        name for name, thing in things.items() if isinstance(thing, documented) and not has_own_docstring(thing, name)
    ]


def test_the_top_package_lists_its_names_and_loads_each_when_asked() -> None:
    script = (
        "import sys, casekin\n"
        "inner = [name for name in sys.modules if name.startswith('casekin.')]\n"
        "assert not inner, inner\n"
        "for name in casekin.__all__: getattr(casekin, name)\n"
        "try: casekin.no_such_name\n"
        "except AttributeError as error: assert 'no_such_name' in str(error)\n"
        "else: raise AssertionError('an unknown name was found')\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_package_imports_a_private_name_of_another() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("casekin"):
                private = [
                    alias.name for alias in node.names if alias.name.startswith("_") and not alias.name.endswith("__")
                ]
                found += [f"{path.relative_to(ROOT)}: {node.module}.{name}" for name in private]
    assert not found


def test_modules_classes_and_functions_of_many_inputs_have_a_docstring() -> None:
    missing = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            missing.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_")
            if not public or ast.get_docstring(node):
                continue
            if isinstance(node, ast.ClassDef) or len(node.args.args) + len(node.args.kwonlyargs) >= 4:
                missing.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not missing
