"""What becomes of a statement: reviewed, submitted, published, carried by hand, withdrawn."""

from __future__ import annotations

from functools import partial

from crisisroom.core.incident import Words
from crisisroom.room import Room, words
from crisisroom.room.desk import BY_HAND
from crisisroom.tui.compose import stating
from crisisroom.tui.compose.approving import may_release, may_revoke, titles_of, waits_for
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.drafting import Drafting
from crisisroom.tui.compose.opening import (
    Begun,
    Opened,
    discard,
    open_statement,
    publish,
    put_down,
)
from crisisroom.tui.compose.releasing import ask_back, ask_release
from crisisroom.tui.compose.review import Answer, ReviewScreen
from crisisroom.tui.compose.variants import Bundle
from crisisroom.tui.screens.dialogs import asking


class Publishing(Drafting):
    """A screen with a statement on it, and everything that can be done with its text."""

    kind = "statement"

    def __init__(self, room: Room, incident_id: str, words_id: str, begun: Begun) -> None:
        super().__init__(room, incident_id)
        self.words_id = words_id
        self.begun = begun
        self.template_id = begun.template
        self.opened: Opened | None = None
        self.editing = False
        self.bundle = Bundle()
        self._turn = 0  # counts acts: what was read before the last one is not shown

    async def action_edit(self) -> None:
        """Say that the text can change no more."""
        self.say("it is out and cannot change:", (" C", "key"), " corrects it")

    @property
    def current(self) -> Bundle:
        """The words as they are on the screen now."""
        return self.bundle

    async def _open(self) -> Opened:
        return await open_statement(
            self.room,
            self.incident_id,
            self.own_ref,
            words_id=self.words_id,
            begun=self.begun,
        )

    @property
    def own_ref(self) -> str:
        """The statement, or what a new one begins from."""
        return self.words_id or self.begun.ref

    def action_copy(self) -> None:
        """Copy exactly these bytes to the terminal's clipboard (OSC 52)."""
        if self.opened is not None and self.opened.words is not None:
            self.app.copy_to_clipboard(self.opened.words.text)
            self.say("copied, if your terminal allows it (OSC 52)")

    def action_withdraw(self) -> None:
        """Take the statement back before it is out, with a reason."""
        held = self.opened.words if self.opened else None
        if held is None or self.editing:
            return
        self.app.push_screen(
            Ask(asking("Withdraw " + held.id, "why?"), self.room.clock.monotonic, verb="withdraw"),
            lambda why: (
                self.do(partial(self._withdraw, held, why), name="withdraw") if why else None
            ),
        )

    def action_revoke(self) -> None:
        """Take the approval back before the statement is on its way, with a reason."""
        opened = self.opened
        if opened is None or opened.words is None or self.editing:
            return
        held = opened.words
        if may_revoke(opened.desk.incident, held, self.room.scene()):
            ask_back(self, held, partial(self._after, held))
        else:
            self.say("there is no approval here that you can take back")

    def action_release(self) -> None:
        """Release the statement without approval, with a reason typed by hand."""
        opened = self.opened
        if opened is None or opened.words is None or self.editing:
            return
        held, state, scene = opened.words, opened.desk.incident, self.room.scene()
        if may_release(state, held, scene):
            ask_release(self, held, waits_for(state, held, scene), partial(self._after, held))
        else:
            self.say("the playbook does not let you release this")

    async def _withdraw(self, held: Words, why: str) -> Then:
        await words.withdraw(self.room, self.incident_id, held.id, why)
        return lambda: self._after(held, held.id + " is withdrawn")

    def action_by_hand(self) -> None:
        """Confirm that a text carried by hand is out."""
        opened = self.opened
        if opened is not None and opened.words is not None and opened.waits_for_hand:
            self.app.push_screen(ByHand(self.room, self.incident_id, opened.words))

    async def look(self) -> Then:
        """Read once more, then open the review of exactly this text."""
        opened = await self._open()
        return lambda: self._look(opened)

    def _look(self, opened: Opened) -> None:
        self.opened = opened
        bundle, scene = self.current, self.room.scene()
        going = stating.going(self.room, opened.desk, opened.words, bundle, scene, self.zone)
        self.app.push_screen(
            ReviewScreen(self.room, going), lambda answer: self._answered(bundle, answer)
        )

    async def _answered(self, bundle: Bundle, answer: Answer | None) -> None:
        if answer is not None and answer.verdict == "act":
            self.do(partial(self._go, bundle, answer.channels), name="publish")
        elif answer is not None and answer.verdict == "edit" and not self.editing:
            await self.action_edit()

    async def _go(self, bundle: Bundle, channels: tuple[str, ...]) -> Then:
        """Put the words on the timeline, then submit them, or publish them on these channels."""
        opened = self.opened
        before = opened.words if opened else None
        held = await put_down(self.room, self.incident_id, before, bundle, self.begun)
        self.post_message(self.Done(lambda: self._written(held)))
        await self.forget()
        if opened is not None:
            await discard(self.room, opened)
        if channels:
            await publish(self.room, self.incident_id, held, channels)
            return lambda: self._published(held, channels)
        acted = await words.submit(self.room, self.incident_id, held.id)
        whom = titles_of(acted.incident, held.approval)
        return lambda: self._after(held, held.id + " waits for " + whom)

    def _written(self, held: Words) -> None:
        """Know the statement's id from now on, whatever becomes of the act's second half."""
        self.words_id = held.id

    async def _published(self, held: Words, channels: tuple[str, ...]) -> None:
        await self._after(held, held.id + " is queued for " + ", ".join(channels))
        if BY_HAND in channels:
            self.app.push_screen(ByHand(self.room, self.incident_id, held))

    async def _after(self, held: Words, told: str) -> None:
        self.words_id = held.id
        self._turn += 1
        self.editing = False
        self.opened = None
        self.reload()
        self.say(told)
