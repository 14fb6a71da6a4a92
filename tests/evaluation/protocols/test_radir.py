"""RadIR's tables become tasks: a hit lies above 0.9, the query is out of its own list, the rest stays in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.protocols import read_tasks

NAMES = ("v1", "v2", "v3", "v4")
TABLE = np.array([[100, 91, 90, 0], [0, 100, 20, 30], [0, 0, 100, 95], [0, 0, 0, 100]], dtype=np.uint8)


def published(folder: Path, table: np.ndarray = TABLE, names: tuple[str, ...] = NAMES) -> Path:
    for kind in ("entity", "ratescore"):
        (folder / f"test_{kind}").mkdir()
    (folder / "test_entity" / "pleura.csv").write_text("File Path\n" + "".join(f"{name}\n" for name in names))
    np.save(folder / "test_ratescore" / "pleura.npy", table)
    return folder


def alphabetical(names: tuple[str, ...] = NAMES) -> Run:
    return Run.build("abc", [(f"{q}@pleura", d, -float(i)) for q in names for i, d in enumerate(names)])


def test_a_similarity_of_exactly_nine_tenths_is_no_hit_and_the_query_never_finds_itself(tmp_path: Path) -> None:
    (task,) = read_tasks("radir", published(tmp_path))
    judged = task.judge(alphabetical())
    assert judged.relevant_counts(0.9).tolist() == [1.0, 1.0, 1.0, 1.0]  # v1-v2 and v3-v4; v1-v3 is 0.90
    assert judged.gallery_sizes.tolist() == [3.0] * 4
    assert judged.grades[0, :3].tolist() == pytest.approx([0.91, 0.90, 0.0])


def test_figures_stand_beside_gallery_prevalence_and_chance(tmp_path: Path) -> None:
    (task,) = read_tasks("radir", published(tmp_path))
    figures = {figure.measure: figure for figure in task.score(alphabetical())}
    hit = figures["HitRate(rel=0.9)@3"]
    assert (hit.value, hit.chance, hit.n, hit.gallery) == (1.0, pytest.approx(1.0), 4, 3.0)
    assert hit.prevalence == pytest.approx(1 / 3)


def test_rows_past_the_first_two_thousand_are_dropped_and_counted(tmp_path: Path) -> None:
    names = tuple(f"v{i:04d}" for i in range(2003))
    (task,) = read_tasks("radir", published(tmp_path, np.eye(2003, dtype=np.uint8), names))
    assert task.dropped == {"rows_past_the_limit": 3}
    assert task.judgements.documents == names[:2000]


def test_a_table_that_does_not_fit_its_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="4 × 4"):
        list(read_tasks("radir", published(tmp_path, TABLE[:3])))
