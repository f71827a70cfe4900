"""Drafts are never lost: the newest state of one is saved soon after each key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from crisisroom.core.drafts import SavedDraft

DELAY = 0.4  # seconds from the first unsaved key press to the write


class DraftKeeper:
    """Saves what was wanted last, one write at a time, so that an old state never lands on top."""

    def __init__(self, save: Callable[[SavedDraft], Awaitable[None]]) -> None:
        self._save = save
        self._wanted: SavedDraft | None = None
        self._writing = asyncio.Lock()
        self._stopped = False

    def want(self, draft: SavedDraft) -> None:
        """Remember the newest state; `flush` writes it."""
        if not self._stopped:
            self._wanted = draft

    async def stop(self) -> None:
        """Save nothing any more, once a write under way has ended: the draft is not needed."""
        self._stopped, self._wanted = True, None
        async with self._writing:
            pass

    def resume(self) -> None:
        """Save again: something new is written."""
        self._stopped = False

    @property
    def behind(self) -> bool:
        """Whether there is something that is not saved yet."""
        return self._wanted is not None

    async def flush(self) -> SavedDraft | None:
        """Save the newest state, if it is not saved; return what was saved."""
        async with self._writing:
            draft, self._wanted = self._wanted, None
            if draft is None:
                return None
            try:
                await self._save(draft)
            except BaseException:
                if self._wanted is None:
                    self._wanted = draft  # still unsaved: the next flush tries again
                raise
        return draft
