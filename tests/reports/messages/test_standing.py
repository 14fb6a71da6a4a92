"""What stands of several versions: by when they were stated, whatever the order in which they arrived."""

from __future__ import annotations

from itertools import permutations

import pytest

from casekin.reports.messages.standing import Version, add_addenda, standing_of


def version(status: str, text: str, stated: str | None, report: str = "R", **more: tuple[str, ...]) -> Version:
    return Version(report=report, status=status, text=text, stated_at=stated, **more)  # type: ignore[arg-type]


PRELIMINARY = version("preliminary", "Wet read.", "1")
FINAL = version("final", "Signed.", "2")
CORRECTED = version("corrected", "Corrected.", "3")
ADDENDUM = version("addendum", "Also a nodule.", "4")


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        ([PRELIMINARY], "Wet read."),
        ([PRELIMINARY, FINAL], "Signed."),
        ([PRELIMINARY, FINAL, CORRECTED], "Corrected."),
        ([FINAL, version("preliminary", "Late wet read.", "9")], "Signed."),
        ([PRELIMINARY, FINAL, CORRECTED, ADDENDUM], "Corrected.\n\nADDENDUM: Also a nodule."),
        ([FINAL, ADDENDUM], "Signed.\n\nADDENDUM: Also a nodule."),
        ([FINAL, ADDENDUM, version("corrected", "Signed. Also a nodule.", "5")], "Signed. Also a nodule."),
        ([FINAL, version("cancelled", "", "3")], None),
        ([version("cancelled", "", "1"), FINAL], "Signed."),
        ([FINAL, version("final", "Of the second part.", "3", "S")], "Signed.\n\nOf the second part."),
        ([PRELIMINARY, version("final", "By another.", "3", "S")], "By another."),
        ([FINAL, version("corrected", "Instead.", "3", "S", replaces=("R",))], "Instead."),
        ([FINAL, version("final", "Signed.", "3", "S")], "Signed."),
    ],
)
def test_what_stands_is_the_same_in_every_order_of_arrival(versions: list[Version], text: str | None) -> None:
    for order in permutations(versions):
        assert standing_of(order).text == text


def test_versions_without_times_count_as_they_come() -> None:
    first, second = version("final", "First.", None), version("final", "Second.", None)
    assert (standing_of([first, second]).text, standing_of([second, first]).text) == ("Second.", "First.")
    assert standing_of([FINAL, version("corrected", "No time told.", None)]).text == "No time told."


def test_addenda_alone_wait_for_what_they_add_to() -> None:
    standing = standing_of([ADDENDUM])
    assert (standing.text, standing.state, standing.addenda) == (None, "addenda", ("Also a nodule.",))
    once = add_addenda("What the manifest said.", standing.addenda)
    assert add_addenda(once, standing.addenda) == once == "What the manifest said.\n\nADDENDUM: Also a nodule."
