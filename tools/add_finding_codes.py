"""Fill `codes` in src/casekin/findings/findings.json from the SNOMED CT codes that DICOM publishes (pydicom.sr).

A finding gets a code when its name equals a code's meaning without case and plural s; synonyms are too loose for that.
Run again after adding findings: `python tools/add_finding_codes.py`.
"""

import json
import re
from pathlib import Path

from pydicom.sr._concepts_dict import concepts

PATH = Path(__file__).parents[1] / "src/casekin/findings/findings.json"


def normal(text: str) -> str:
    """Lower case words without punctuation and plural endings."""
    return " ".join(word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower()))


def published_codes() -> dict[str, str]:
    """Normal meaning → SNOMED CT code; the lowest code wins where a meaning has several."""
    table: dict[str, str] = {}
    for codes in concepts["SCT"].values():
        for code, (meaning, _) in codes.items():
            name = normal(meaning)
            table[name] = min(table.get(name, code), code)
    return table


def main() -> None:
    """Write the file back, one finding a line."""
    table = published_codes()
    data = json.loads(PATH.read_text(encoding="utf-8"))
    found = 0
    for row in data["findings"]:
        row.pop("codes", None)
        codes = [table[normal(name)] for name in (row["name"], row["id"].replace("_", " ")) if normal(name) in table]
        if codes:
            row["codes"] = {"SCT": codes[0]}
            found += 1
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in data["findings"])
    PATH.write_text(f'{{\n"version": "{data["version"]}",\n"findings": [\n{rows}\n]\n}}\n', encoding="utf-8")
    print(f"{found} of {len(data['findings'])} findings have a code")


if __name__ == "__main__":
    main()
