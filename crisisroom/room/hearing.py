"""What of all that is said is about us: the watched terms, applied to whatever comes in."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.config import RoomConfig, Source, Term
from crisisroom.config.source_types import TYPES, SourceType
from crisisroom.config.terms import terms_of
from crisisroom.core.mention import Incoming
from crisisroom.core.watchlist import Look, Watchlist
from crisisroom.core.watchquery import phrase
from crisisroom.store.mentions import Marks

_PLAIN = SourceType()
_NOTHING = Marks()


class Ear:
    """The watched terms of one configuration."""

    def __init__(self, config: RoomConfig) -> None:
        self._config = config
        terms = terms_of(config)
        self._watchlist = Watchlist(terms, config.exclude) if terms or config.exclude else None
        self._keywords: dict[str, Watchlist] = {}

    def of(self, config: RoomConfig) -> bool:
        """Tell whether this is the ear for these settings."""
        return self._config is config

    def marks(self, items: Sequence[Incoming]) -> list[Marks]:
        """Return the terms that each says, and whether it is not about us.

        That is what says only the industry's terms, or something excluded; it is kept apart. What
        says none of the terms came from a place that somebody chose: it is ours.
        """
        return [self._marks(item) for item in items]

    def _marks(self, item: Incoming) -> Marks:
        if self._watchlist is None:
            return _NOTHING
        look = self._look(item)
        apart = (look.others or look.excluded) and not item.direct
        return Marks(look.terms, apart)

    def keeps(self, source: Source, item: Incoming) -> bool:
        """Tell whether to keep what a source gave.

        What is addressed to us stays. A source with keywords keeps what says one of them; one
        that searched a network what still says a term here: their searches are generous.
        """
        if item.direct:
            return True
        if source.keywords and source.type != "mastodon":  # there they were searched for
            keywords = self._keywords_of(source)
            return bool(keywords.look(item.text, url=item.url).terms)
        if self._watchlist is None:
            return True
        look = self._look(item)
        if look.excluded:
            return False
        return bool(look.terms) or not TYPES.get(source.type, _PLAIN).searches

    def _look(self, item: Incoming) -> Look:
        assert self._watchlist is not None
        return self._watchlist.look(
            item.text, lang=item.lang, handle=item.author.handle, url=item.url
        )

    def _keywords_of(self, source: Source) -> Watchlist:
        if source.id not in self._keywords:
            words = enumerate(word for word in source.keywords if word.strip())
            named = [Term(id=str(index), say=phrase(word)) for index, word in words]
            self._keywords[source.id] = Watchlist(named)
        return self._keywords[source.id]
