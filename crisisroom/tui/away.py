"""When the room cannot be reached, or only be read: said in the status, for as long as it lasts."""

from __future__ import annotations

from msgspec.structs import replace
from rich.text import Text

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import unstamp
from crisisroom.room import moving
from crisisroom.room.access import SHUT_OUT
from crisisroom.store.moving import Gone
from crisisroom.tui.feed_bridge import LinkChanged, ListenFailed
from crisisroom.tui.heard import Located
from crisisroom.tui.placing import PlacingApp
from crisisroom.tui.rows.times import clock
from crisisroom.tui.situation import Shut, Situation

AWAY = "unreachable"  # the code of what a server that is away did not do
_NEWER, _GONE = "newer-room", "moved"  # the codes of what such a room refuses
_REFUSED = 1  # exit code
_MOVED = "MOVED"
UPGRADED = Shut(
    "UPGRADED",
    "by a newer crisisroom",
    "the room was upgraded: nothing can be changed from here: leave it, then open it anew",
)
_EVERY = 5  # seconds between two counts, once it has lasted ten


class AwayApp(PlacingApp, inherit_bindings=False):
    """Knows whether the room answers; what a person types stays where it is meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.shut: Shut | None = None  # why nothing can be changed here any more
        self._deaf_since: float | None = None  # since when the change feed has been broken off

    @property
    def lost_since(self) -> float | None:
        """Return since when the room has not been reached, in monotonic seconds; None if it is."""
        link = self.room.store.link
        return link.since if link.state != "ok" else self._deaf_since

    def with_link(self, know: Situation) -> Situation:
        """Return what was read of the room with how it can be reached."""
        return replace(know, away=self._told_of_link(), shut=self.shut)

    def look_at_link(self) -> None:
        """Show in the status how long the room has been away; nothing while all is well."""
        know = self.with_link(self.situation)
        if (know.away, know.shut) != (self.situation.away, self.situation.shut):
            self.situation = know
            self.room_screen.status.show(know)
            self.show_status()

    def _told_of_link(self) -> str:
        since = self.lost_since
        if since is None:
            return f"read-only: {self.shut.chip.lower()}" if self.shut else ""
        seconds = max(0, int(self.room.clock.monotonic() - since))
        if seconds >= 2 * _EVERY:
            seconds -= seconds % _EVERY
        return f"reconnecting ({seconds} s)"

    # A room that was upgraded, or lives elsewhere.

    def look_whether_moved(self) -> None:
        """Read whether the room lives elsewhere now, or here again."""
        self.beside(self._look_whether_moved, "moved")

    async def _look_whether_moved(self) -> None:
        self.post_message(Located(await moving.gone(self.room)))

    def on_located(self, message: Located) -> None:
        """Say at the top of every screen where the room is now; no more when it is back."""
        was = self.shut
        if was is not None and was.chip != _MOVED:
            return
        if message.gone is None:
            self._shut(None)
            if was is not None:
                self.say("the room is here again: go on")
        elif was is None:
            self._shut(self._moved(message.gone))

    def _moved(self, gone: Gone) -> Shut:
        know = self.situation
        to = "another place" if self.room.actor.confined else gone.to
        told = f"to {to} at {clock(unstamp(gone.at), know.now, know.zone)}"
        return Shut(_MOVED, told, f"the room moved {told}: nothing changes here, leave it")

    def _shut(self, why: Shut | None) -> None:
        self.shut = why
        self.look_at_link()
        if why is not None:
            self.say(why.refusal, "late")

    def waits(self) -> None:
        """Say that an act waits for the room, where it is away."""
        if self.lost_since is not None:
            self.say("the room is away: this waits for it a while", "warn")

    def on_link_changed(self, message: LinkChanged) -> None:
        """Show at once that the room is lost, or back."""
        self.look_at_link()

    def on_listen_failed(self, message: ListenFailed) -> None:
        """Remember since when nothing is heard; it is tried again every second."""
        if self._deaf_since is None:
            self._deaf_since = self.room.clock.monotonic()
            if message.error.code != AWAY and not self._shut_out(message.error):
                self.failed(message.error)
        self.look_at_link()

    def heard_again(self) -> None:
        """Note that the change feed goes on."""
        if self._deaf_since is not None:
            self._deaf_since = None
            self.look_at_link()

    def is_known(self, error: Exception, *, asked: bool) -> bool:
        """Tell whether the status says a failure already: then only who acted is answered."""
        if not isinstance(error, Refused):
            return False
        if self._shut_out(error):
            return True
        if error.code == _NEWER and self.shut is None:
            self._shut(UPGRADED)
        elif error.code == _GONE and self.shut is None:
            self.look_whether_moved()
        elif error.code in (_NEWER, _GONE) and self.shut and asked:
            self.say(self.shut.refusal, "warn")
        else:
            return not asked and error.code in (AWAY, _NEWER, _GONE)
        return True

    def _shut_out(self, error: Refused) -> bool:
        """End the screen of whom the team took out, or whose key; tell whether that is so."""
        if error.code not in SHUT_OUT:
            return False
        self.exit(_REFUSED, _REFUSED, Text(f"crisisroom: {error.message}"))
        return True
