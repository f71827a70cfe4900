"""Painting only what differs: regions cover every changed cell and nothing far from one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.tui.rows import Cell, Row, cell_len
from crisisroom.tui.widgets.lines import NEAR, changed

WIDTH = 60
CELLS = st.lists(
    st.builds(Cell, st.text("ab é漢", min_size=1, max_size=12), st.sampled_from(["text", "mine"])),
    max_size=6,
).map(tuple)


def painted(row: Row) -> list[tuple[str, str, bool]]:
    cells: list[tuple[str, str, bool]] = []
    for cell in row.cells:
        for sign in cell.text:
            cells += [(sign, cell.role, row.cursor)] * cell_len(sign)
    blank = (" ", "", row.cursor)
    return (cells + [blank] * WIDTH)[:WIDTH]


@given(CELLS, CELLS, st.booleans(), st.booleans())
def test_regions_cover_every_difference(
    before: tuple[Cell, ...], after: tuple[Cell, ...], here: bool, there: bool
) -> None:
    was, now = Row(before, here), Row(after, there)
    regions = list(changed(was, now, 3, WIDTH))
    covered = {x for region in regions for x in range(region.x, region.right)}
    differing = {
        x for x, (old, new) in enumerate(zip(painted(was), painted(now), strict=True)) if old != new
    }
    assert differing <= covered
    assert all(region.y == 3 and region.right <= WIDTH for region in regions)


@given(CELLS)
def test_same_rows_paint_nothing(cells: tuple[Cell, ...]) -> None:
    assert not list(changed(Row(cells), Row(cells), 0, WIDTH))


def test_far_changes_are_painted_apart() -> None:
    middle = Cell("m" * NEAR)
    was = Row((Cell("1"), middle, Cell("1")))
    now = Row((Cell("2"), middle, Cell("2")))
    assert [(region.x, region.width) for region in changed(was, now, 0, WIDTH)] == [
        (0, 1),
        (NEAR + 1, 1),
    ]
