"""The early warning as a room's settings have it, and the events that make people talk."""

from __future__ import annotations

from crisisroom.config import RoomConfig, Term
from crisisroom.config.terms import expected_between, terms_of
from crisisroom.core.detect import EarlyWarning, Rule, Window
from crisisroom.core.mention import Mention
from crisisroom.core.watchlist import Watchlist


def early_warning(config: RoomConfig, state: bytes = b"") -> EarlyWarning:
    """Return the early warning of these settings, which goes on from `state`."""
    warn = config.warn
    rule = Rule(threshold=warn.bar, people=warn.people, quiet=warn.quiet)
    windows = []
    for event in config.expected:
        start, end = expected_between(event, config.zone)
        windows.append(
            Window(
                title=event.title,
                start=start,
                end=end,
                terms=event.terms,
                own_words=bool(event.say),
            )
        )
    names = {one.id: one.title or one.id for one in terms_of(config)}
    return EarlyWarning(rule, tuple(windows), state, names=names)


class Events:
    """The expected events that have words of their own: what says them is theirs."""

    def __init__(self, config: RoomConfig) -> None:
        said = [event for event in config.expected if event.say]
        self._titles = {str(index): event.title for index, event in enumerate(said)}
        terms = [Term(id=str(index), say=event.say) for index, event in enumerate(said)]
        self._watchlist = Watchlist(terms) if terms else None

    def fit(self, mention: Mention) -> tuple[str, ...]:
        """Return the titles of the events whose words a mention says."""
        if self._watchlist is None:
            return ()
        look = self._watchlist.look(mention.text, lang=mention.lang, url=mention.url)
        return tuple(self._titles[term] for term in look.terms)
