"""Write src/casekin/client from the service's OpenAPI description: a method for each route, a type for each reply.

`python tools/build_client.py` rewrites the files; a test builds them anew and fails when one differs from the kept.
"""

from __future__ import annotations

import argparse
import keyword
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CLIENT = ROOT / "src" / "casekin" / "client"
MADE = "Made by tools/build_client.py: change the service instead."
Schema = Mapping[str, Any]
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_LEFT_OUT = ("dicomweb",)
_REF = "#/components/schemas/"


def describe_service() -> Schema:
    """The OpenAPI description of a service over an empty index."""
    from casekin.api import create_app
    from casekin.index import CaseIndex

    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        CaseIndex(index, create=True).close()
        app = create_app(index)
        description: Schema = app.openapi()
        app.state.service.close()
    return description


def build_files(description: Schema) -> dict[str, str]:
    """Relative path → text of every file that is made."""
    tags = _operations_by_tag(description)
    homes: dict[str, str] = {}
    files = {"shapes/__init__.py": f'"""The types of replies, by group of routes. {MADE}"""\n'}
    files["calls/__init__.py"] = f'"""The routes as methods, by group. {MADE}"""\n'
    for tag, operations in tags.items():
        own = [name for name in _needed(operations, description) if name not in homes]
        homes |= dict.fromkeys(own, tag)
        if own:
            files[f"shapes/{tag}.py"] = _shapes_file(tag, own, homes, description)
        files[f"calls/{tag}.py"] = _calls_file(tag, operations, homes)
    files["client.py"] = _client_file(list(tags))
    return {name: _formatted(text, CLIENT / name) for name, text in files.items()}


def main() -> None:
    """Write the files, and remove those that are made no more."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    files = build_files(describe_service())
    for folder in ("calls", "shapes"):
        (CLIENT / folder).mkdir(exist_ok=True)
        for path in (CLIENT / folder).glob("*.py"):
            if f"{folder}/{path.name}" not in files:
                path.unlink()
    for name, text in files.items():
        (CLIENT / name).write_text(text, encoding="utf-8")
    print(f"{len(files)} files in {CLIENT.relative_to(ROOT)}")


# --- routes ------------------------------------------------------------------------------------------------------


def _operations_by_tag(description: Schema) -> dict[str, list[dict[str, Any]]]:
    """Every operation with its method and path, by its first tag, in the order of the description.

    Those of DICOMweb are left out: they are the standard's, and have clients of their own.
    """
    tags: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] in _LEFT_OUT:
                continue
            tags.setdefault(operation["tags"][0], []).append({**operation, "method": method.upper(), "path": path})
    return tags


def _calls_file(tag: str, operations: Sequence[Schema], homes: Mapping[str, str]) -> str:
    operations = [variant for operation in operations for variant in _variants(operation)]
    methods = "\n".join(_method(operation) for operation in operations)
    imports = ["from casekin.client.connection import " + ", ".join(_used(methods))]
    imports += _shape_imports(sorted({name for one in operations for name in _result_refs(one)}), homes)
    typing = [f"from {module} import {names}" for module, names in _typing_imports(methods)]
    doc = f'"""Routes of the group {tag}. {MADE}"""'
    head = "\n".join([doc, "", "from __future__ import annotations", "", *typing, "", *imports])
    return f'{head}\n\n\nclass {_class(tag)}Calls(Connection):\n    """Calls of the group {tag}."""\n\n{methods}\n'


def _variants(operation: Schema) -> list[Schema]:
    """A route whose query says in which `form` it replies is two methods: one for JSON, one for the other forms."""
    status, reply = _success(operation)
    others = {kind: content for kind, content in reply.get("content", {}).items() if kind != "application/json"}
    form = next((one for one in operation.get("parameters", ()) if one["name"] == "form"), None)
    if form is None or not others:
        return [operation]
    beside = [one for one in operation["parameters"] if one is not form]
    plain = {status: {"content": {"application/json": reply["content"]["application/json"]}}}
    as_file = {status: {"content": {"application/octet-stream": {"schema": {}}}}}
    name, summary = operation["operationId"], operation["summary"]
    return [
        {**operation, "parameters": beside, "responses": plain},
        {
            **operation,
            "operationId": f"{name}_as",
            "summary": f"{summary}: as a file of another form",
            "parameters": [{**form, "required": True}, *beside],
            "responses": as_file,
        },
    ]


def _success(operation: Schema) -> tuple[str, Schema]:
    """Status and description of the reply when all goes well."""
    return next((status, reply) for status, reply in operation["responses"].items() if status[0] == "2")


def _used(code: str) -> list[str]:
    return sorted({"Connection", *re.findall(r"\b(?:NOT_GIVEN|NotGiven|in_path)\b", code)})


def _method(operation: Schema) -> str:
    """One route as a method."""
    path_names = re.findall(r"\{(\w+)\}", operation["path"])
    in_path = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "path"}
    in_query = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    fields, joined, is_form = _fields(operation)
    needed = [f"{_python(name)}: {_type(in_path[name]['schema'])}" for name in path_names]
    options = [(one["name"], _given_type(one["schema"]), one.get("required", False)) for one in in_query]
    options = [
        (name, text.removesuffix(" | None") if is_needed else text, is_needed) for name, text, is_needed in options
    ]
    options += [(name, text, is_needed) for name, (text, is_needed) in fields.items()]
    keywords = [f"{_python(name)}: {text}" for name, text, is_needed in options if is_needed]
    keywords += [
        f"{_python(name)}: {text} | NotGiven = NOT_GIVEN" for name, text, is_needed in options if not is_needed
    ]
    signature = ", ".join(["self", *needed, *(["*", *keywords] if keywords else [])])
    path = re.sub(r"\{(\w+)\}", lambda found: "{in_path(" + _python(found[1]) + ")}", operation["path"])
    arguments = [repr(operation["method"]), f'{"f" if path_names else ""}"{path}"']
    if in_query:
        arguments.append("query=" + _mapping(one["name"] for one in in_query))
    if "requestBody" in operation:
        arguments.append("fields=" + _mapping(fields))
        arguments += [f"joined={joined!r}"] if joined else []
        arguments += ["is_form=True"] if is_form else []
    result, give = _result(operation, ", ".join(arguments), path, bool(path_names))
    says = f'"""{operation["summary"]}.\n\n        `{operation["method"]} {operation["path"]}`.\n        """'
    return f"    def {_python(operation['operationId'])}({signature}) -> {result}:\n        {says}\n        {give}\n"


def _fields(operation: Schema) -> tuple[dict[str, tuple[str, bool]], tuple[str, ...], bool]:
    """Fields of the body with their types and whether they are needed, those with commas, whether it is ever a form."""
    content = operation.get("requestBody", {}).get("content", {})
    plain = content.get("application/json", {}).get("schema", {})
    form = content.get("multipart/form-data", {}).get("schema", {})
    found: dict[str, tuple[str, bool]] = {}
    for name, schema in plain.get("properties", {}).items():
        found[name] = (_given_type(schema), name in plain.get("required", ()))
    for name, schema in form.get("properties", {}).items():
        if file := _file_type(schema):
            before = [] if name not in found else [found.pop(name)[0]]
            found = {name: (" | ".join([file, *before]), name in form.get("required", ())), **found}
    joined = tuple(
        name
        for name, schema in form.get("properties", {}).items()
        if schema.get("type") == "string" and "array" in str(plain.get("properties", {}).get(name, ""))
    )
    return found, joined, bool(form) and not plain


def _file_type(schema: Schema) -> str | None:
    if schema.get("format") == "binary":
        return "Path"
    if schema.get("type") == "array" and schema["items"].get("format") == "binary":
        return "Path | Sequence[Path]"
    return None


def _result(operation: Schema, arguments: str, path: str, is_f: bool) -> tuple[str, str]:
    """What a method returns, and the statement that does."""
    status, reply = _success(operation)
    media = list(reply.get("content", {}))
    call = f"self._call({arguments})"
    if status == "204" or not media:
        return "None", call
    if media == ["text/event-stream"]:
        return "Iterator[dict[str, Any]]", f'return self._events({"f" if is_f else ""}"{path}")'
    if media == ["application/json"]:
        shape = _type(reply["content"]["application/json"]["schema"])
        return shape, f"reply: {shape} = {call}.json()\n        return reply"
    if all(one.startswith("text/") or "json" in one for one in media):
        return "str", f"return {call}.text"
    return "bytes", f"return {call}.content"


def _result_refs(operation: Schema) -> set[str]:
    return {name for content in _success(operation)[1].get("content", {}).values() for name in _refs(content["schema"])}


def _mapping(names: Any) -> str:
    return "{" + ", ".join(f'"{name}": {_python(name)}' for name in names) + "}"


def _client_file(tags: Sequence[str]) -> str:
    imports = "\n".join(f"from casekin.client.calls.{tag} import {_class(tag)}Calls" for tag in sorted(tags))
    parents = ", ".join(f"{_class(tag)}Calls" for tag in tags)
    return (
        f'"""The client of all groups. {MADE}"""\n\nfrom __future__ import annotations\n\n{imports}\n\n\n'
        f'class Client({parents}):\n    """Every route of a service as a method; each raises `ServiceError`."""\n'
    )


# --- types -------------------------------------------------------------------------------------------------------


def _shapes_file(tag: str, names: Sequence[str], homes: Mapping[str, str], description: Schema) -> str:
    schemas = description["components"]["schemas"]
    body = "\n\n\n".join(_shape(name, schemas[name]) for name in names)
    elsewhere = sorted({ref for name in names for ref in _refs(schemas[name]) if ref not in names})
    typing = [f"from {module} import {found}" for module, found in _typing_imports(body)]
    doc = f'"""Types of replies of the group {tag}. {MADE}"""'
    head = [doc, "", "from __future__ import annotations", "", *typing, "", *_shape_imports(elsewhere, homes)]
    return "\n".join(head) + f"\n\n\n{body}\n"


def _shape(name: str, schema: Schema) -> str:
    """One type. Names that are no names in Python need the form that is written like a call."""
    properties, needed = schema.get("properties", {}), schema.get("required", ())
    says = " ".join(schema.get("description", "").split())
    if not properties:
        return f'{_short(name)} = dict[str, Any]\n"""{_wrapped(says, "")}"""'
    types = {
        key: _type(value) if key in needed else f"NotRequired[{_type(value)}]" for key, value in properties.items()
    }
    if all(key.isidentifier() and not keyword.iskeyword(key) for key in types):
        lines = "\n".join(f"    {key}: {text}" for key, text in types.items())
        return f'class {_short(name)}(TypedDict):\n    """{_wrapped(says, "    ")}"""\n\n{lines}'
    entries = ", ".join(f'"{key}": {text}' for key, text in types.items())
    return f'{_short(name)} = TypedDict("{_short(name)}", {{{entries},}})\n"""{_wrapped(says, "")}"""'


def _type(schema: Schema) -> str:
    """A JSON schema as a type of Python."""
    if "$ref" in schema:
        return _short(schema["$ref"].removeprefix(_REF))
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if schema.get("type") == "array":
        parts = [schema["items"]] if "items" in schema else schema.get("prefixItems", [{}])
        return f"list[{' | '.join(dict.fromkeys(map(_type, parts)))}]"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, Mapping) else 'Any'}]"
    return _SCALARS.get(schema.get("type", ""), "Any")


def _given_type(schema: Schema) -> str:
    """The type of an argument: any sequence or mapping will do."""
    return re.sub(r"\bdict\[", "Mapping[", re.sub(r"\blist\[", "Sequence[", _type(schema)))


def _needed(operations: Sequence[Schema], description: Schema) -> list[str]:
    """Schemas that the operations' replies are made of, each after those that it is made of."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found:
            for ref in sorted(_refs(description["components"]["schemas"][name])):
                visit(ref)
            found.append(name)

    for name in sorted({name for one in operations for name in _result_refs(one)}):
        visit(name)
    return list(dict.fromkeys(found))


def _refs(schema: Any) -> set[str]:
    return {ref.removeprefix(_REF) for ref in _strings(schema) if ref.startswith(_REF)}


def _strings(schema: Any) -> Iterator[str]:
    if isinstance(schema, str):
        yield schema
    elif isinstance(schema, Mapping | list):
        for one in schema.values() if isinstance(schema, Mapping) else schema:
            yield from _strings(one)


def _shape_imports(names: Sequence[str], homes: Mapping[str, str]) -> list[str]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(homes[name], []).append(_short(name))
    return [f"from casekin.client.shapes.{tag} import {', '.join(sorted(found[tag]))}" for tag in sorted(found)]


def _typing_imports(code: str) -> Iterator[tuple[str, str]]:
    known = {
        "collections.abc": ("Iterator", "Mapping", "Sequence"),
        "pathlib": ("Path",),
        "typing": ("Any", "Literal", "NotRequired", "TypedDict"),
    }
    for module, names in known.items():
        if used := [name for name in names if re.search(rf"\b{name}\b", code)]:
            yield module, ", ".join(used)


def _short(name: str) -> str:
    return name.removesuffix("Shape")


def _class(tag: str) -> str:
    return tag.title().replace("_", "").replace("-", "")


def _python(name: str) -> str:
    """A name as Python takes it."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _formatted(text: str, path: Path) -> str:
    ruff, name = [sys.executable, "-m", "ruff", "--quiet"], ["--stdin-filename", str(path), "-"]
    sorted_text = _through([*ruff, "check", "--fix", "--select", "I,RUF036", *name], text)
    return _through([*ruff, "format", *name], sorted_text)


def _wrapped(text: str, indent: str) -> str:
    """A docstring's lines."""
    lines = textwrap.wrap(text, 115 - len(indent))
    return lines[0] if len(lines) == 1 else f"\n{indent}".join(lines) + f"\n{indent}"


def _through(command: Sequence[str], text: str) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
