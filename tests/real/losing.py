"""A client whose requests or answers get lost on the way, for what a channel does about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Unpack

from crisisroom.fetch import Fetcher, FetchError, Options, Response

Loses = Literal["", "request", "answer"]


class LosingFetcher(Fetcher):
    """Loses the next posts to addresses with `where` in them: `left` says how many."""

    def __init__(self) -> None:
        super().__init__()
        self.loses: Loses = ""
        self.where = ""
        self.left = 0

    def lose(self, what: Loses, where: str, times: int = 1) -> None:
        """Lose the next requests before the server has them, or its answers to them."""
        self.loses, self.where, self.left = what, where, times

    async def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        **options: Unpack[Options],
    ) -> Response:
        """Send as a client does, and lose what is to be lost."""
        if not self.left or self.where not in url:
            return await super().post(url, json=json, form=form, content=content, **options)
        self.left -= 1
        if self.loses == "answer":
            await super().post(url, json=json, form=form, content=content, **options)
        raise FetchError("timeout", "the connection broke", sent=True)
