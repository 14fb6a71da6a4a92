"""Presets: every one in the file can be read at every size, and a wrong name is told its nearest."""

from __future__ import annotations

import pytest

from casekin.errors import InputError
from casekin.training.augment import AugmentSettings
from casekin.training.presets import preset_names, read_preset, size_names


def test_every_preset_can_be_read_at_every_size_and_grows_with_it() -> None:
    for name in preset_names():
        sizes = [read_preset(name, size=size) for size in size_names()]
        assert [preset.width for preset in sizes] == sorted(preset.width for preset in sizes)
        for preset in sizes:
            assert preset.numbers["epochs"] >= 1 and preset.views >= 1 and preset.about.endswith(".")
            AugmentSettings(**preset.augment)
        assert read_preset(name).size in size_names()


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match=r"preset: expected one of evidence.*got 'evidense'"):
        read_preset("evidense")
    with pytest.raises(InputError, match="size: expected one of small"):
        read_preset("evidence", size="smal")
