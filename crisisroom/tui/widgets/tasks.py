"""View 3: the checklist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.folding import PHONE
from crisisroom.tui.rows.tasks import default_folds, task_rows, tasks_head
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.feed import JUST
from crisisroom.tui.widgets.pane import RowsPane


class TasksPane(RowsPane):
    """Phases that fold, and their tasks; finished phases are folded until somebody opens them."""

    def __init__(self, monotonic: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._turned: dict[str, bool] = {}  # phases somebody folded (True) or opened
        self._monotonic = monotonic
        self._swept_at: float | None = None
        self._news: set[str] = set()  # tasks that came while this person looked elsewhere

    def head(self, width: int) -> Sequence[Row]:
        """Return the counts above the list."""
        if self.know is None:
            return ()
        phone = width < PHONE
        return (tasks_head(self.know, wide=self.wide, focused=self.active, phone=phone),)

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the checklist, or how to get one."""
        if know.incident is None:
            return (row(gap(3), Cell("The checklist comes with an incident.", "quiet")),)
        return task_rows(know, self._folds(know), width, self._news)

    def _folds(self, know: Situation) -> set[str]:
        folds = default_folds(know.incident) if know.incident else set()
        for phase, shut in self._turned.items():
            folds = folds | {phase} if shut else folds - {phase}
        return folds

    def begin(self) -> int:
        """Begin at the first task that can be worked on."""
        tasks = self.know.incident.tasks if self.know and self.know.incident else {}
        for index, one in enumerate(self.rows):
            kind, _, name = one.at.partition(":")
            if kind == "task" and tasks[name].state == "open":
                return index
        return 0

    def turn(self, phase: str) -> None:
        """Fold a phase, or open it."""
        if self.know is not None:
            self._turned[phase] = phase not in self._folds(self.know)
            self.rebuild()

    def came(self, tasks: Iterable[str]) -> None:
        """Mark tasks as new on the list, until the cursor has been on them."""
        self._news.update(tasks)
        self.rebuild()

    def move(self, steps: int) -> None:
        """Move the cursor; what it stood on is new no longer."""
        if self.task_id in self._news:
            self._news.discard(self.task_id)
            self.rebuild()
        super().move(steps)

    @property
    def settled(self) -> bool:
        """Say whether the row under the cursor is the one it was put on, or stands there a while.

        A call that somebody else takes goes from the list, and another row takes its place.
        """
        return self._swept_at is None or self._monotonic() - self._swept_at > JUST

    def swept(self, at: str) -> str:
        """Go from a task to its phase, which was folded; from anything else to the next row."""
        self._swept_at = self._monotonic()
        kind, _, name = at.partition(":")
        task = self.know.incident.tasks.get(name) if self.know and self.know.incident else None
        return f"phase:{task.phase}" if kind == "task" and task is not None else ""

    @property
    def task_id(self) -> str:
        """Return the id of the task under the cursor, empty on a phase."""
        kind, _, name = self.chosen.partition(":")
        return name if kind == "task" else ""
