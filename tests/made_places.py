"""Every place of the anatomy tree, for tests that state laws over all of them."""

from __future__ import annotations

from casekin.anatomy import ANATOMIES
from casekin.types import Place, Side


def all_places() -> tuple[Place, ...]:
    """Each anatomy on each side it can have, and without a side where it can be on both."""
    places: list[Place] = []
    for node in ANATOMIES.values():
        sides: tuple[Side | None, ...] = (None, "left", "right", "bilateral") if node.paired else (None,)
        places += [Place(anatomy=node.id, side=side) for side in ((node.only,) if node.only else sides)]
    return tuple(places)
