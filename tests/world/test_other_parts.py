"""Pictures of other body parts: repeatable, of the asked size, unlike each other."""

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.world.other_parts import OTHER_PARTS, render_other_body_part


@pytest.mark.parametrize("kind", OTHER_PARTS)
def test_a_part_is_drawn_the_same_from_the_same_seed(kind):
    first = render_other_body_part(np.random.default_rng(2), kind, size=128)
    second = render_other_body_part(np.random.default_rng(2), kind, size=128)
    assert first.shape == (128, 128)
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)
    assert first.std() > 10


def test_an_unknown_part_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="hand"):
        render_other_body_part(np.random.default_rng(2), "elephant")
