"""What crisisroom.yaml says about evidence: which pictures of posts are kept, and how many."""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.config.kinds import Size, bytes_of

LARGEST = "32MB"  # of a picture: several are in memory at a time


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """Which pictures of posts are kept as evidence: of linked posts, of all, or none.

    None is larger than `most`. `keep` is for all of them: past it the oldest that no incident
    cites go, and what an incident cites waits for room, never drops out of it.
    """

    pictures: Literal["linked", "all", "none"] = "linked"
    most: Size = "8MB"
    keep: Size = "500MB"

    @property
    def most_bytes(self) -> int:
        """How many bytes a picture has at most."""
        return bytes_of(self.most)

    @property
    def keep_bytes(self) -> int:
        """How many bytes of pictures the room keeps."""
        return bytes_of(self.keep)
