"""Write docs/reference/openapi.json, the description of the REST API, so that a change of it is seen.

`python tools/build_openapi.py` rewrites it; a test compares it with what a service says.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casekin.api import create_app
from casekin.index import CaseIndex

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "openapi.json"


def describe_service() -> Mapping[str, Any]:
    """The OpenAPI description of a service over an empty index."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        CaseIndex(index, create=True).close()
        app = create_app(index)
        try:
            return app.openapi()
        finally:
            app.state.service.close()


def written(description: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(written(describe_service()), encoding="utf-8")


if __name__ == "__main__":
    main()
