"""What an encoder sees lies where it belongs on the stored pixels, whichever way the picture was turned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekin.imaging import FrontalMap
from casekin.models import Geometry
from casekin.retrieval.explain.seen import SeenImage, lay_on_stored, view_of_preview
from casekin.types import Box

ROWS, COLUMNS = 96, 64
TURNS = [
    (transposed, rows, columns) for transposed in (False, True) for rows in (False, True) for columns in (False, True)
]


def made_turn(transposed: bool, flip_rows: bool, flip_columns: bool) -> FrontalMap:
    frontal = (COLUMNS, ROWS) if transposed else (ROWS, COLUMNS)
    return FrontalMap(
        stored=(ROWS, COLUMNS),
        frontal=frontal,
        transposed=transposed,
        flip_rows=flip_rows,
        flip_columns=flip_columns,
    )


@pytest.mark.parametrize(("transposed", "flip_rows", "flip_columns"), TURNS)
def test_a_bright_spot_of_the_stored_picture_is_where_the_map_of_its_view_says(
    transposed: bool, flip_rows: bool, flip_columns: bool
) -> None:
    stored = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    stored[16:24, 40:48] = 255
    turn = made_turn(transposed, flip_rows, flip_columns)
    view, turned = view_of_preview(stored, turn)
    assert view.shape == turn.frontal
    geometry = Geometry(height=view.shape[0], width=view.shape[1], input_size=96, grid=12)
    edges_down, edges_across = geometry.cell_edges()
    middle_down, middle_across = (edges_down[:-1] + edges_down[1:]) / 2, (edges_across[:-1] + edges_across[1:]) / 2
    inside = np.zeros((12, 12), dtype=bool)
    cells = np.zeros((12, 12), dtype=np.float32)
    for row, y in enumerate(middle_down):
        for column, x in enumerate(middle_across):
            if 0 <= y < view.shape[0] and 0 <= x < view.shape[1]:
                inside[row, column] = True
                cells[row, column] = view[int(y), int(x)]
    side = lay_on_stored(cells, inside, SeenImage(encoded=FakeEncoded(geometry), turn=turned))  # type: ignore[arg-type]
    down, across = np.unravel_index(int(np.argmax(side.cells)), side.cells.shape)
    x = side.box.x0 + (across + 0.5) * (side.box.x1 - side.box.x0) / side.cells.shape[1]
    y = side.box.y0 + (down + 0.5) * (side.box.y1 - side.box.y0) / side.cells.shape[0]
    assert stored[int(y), int(x)] == 255


class FakeEncoded:
    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry


def test_a_smaller_preview_makes_a_smaller_view_whose_boxes_still_mean_stored_pixels() -> None:
    turn = replace(made_turn(False, False, True), frontal=(ROWS * 4, COLUMNS * 4), stored=(ROWS * 4, COLUMNS * 4))
    view, turned = view_of_preview(np.zeros((ROWS, COLUMNS), dtype=np.uint8), turn)
    assert view.shape == (ROWS, COLUMNS)
    assert turned.stored == turn.stored
    assert turned.to_stored(Box(x0=0, y0=0, x1=8, y1=4)).as_list() == [224, 0, 256, 16]
