"""The pages' own forms bring the token that the gate asks for, as their first field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import casekin.web

TEMPLATES = sorted((Path(casekin.web.__file__).parent / "templates").rglob("*.j2"))
FORM = re.compile(r'<form\b(?=[^>]*\bmethod="post")[^>]*>(.*?)</form>', flags=re.DOTALL)
TOKEN = '{% include "parts/csrf.html.j2" %}'
FIELD = re.compile(r"<(?:input|textarea|select|button)\b|\{% include [^%]*%\}")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_form_that_changes_something_begins_with_the_token(template: Path) -> None:
    if template.name == "sign_in.html.j2":
        return  # nobody is signed in yet
    for body in FORM.findall(template.read_text(encoding="utf-8")):
        first = FIELD.search(body)
        assert first is not None and first[0] == TOKEN, body[:200]


def test_forms_are_found() -> None:
    assert sum(len(FORM.findall(path.read_text(encoding="utf-8"))) for path in TEMPLATES) > 10
