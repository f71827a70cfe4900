"""The composer's keys for the form of a reply and for its language."""

from __future__ import annotations

from functools import partial

from crisisroom.core.incident import Form
from crisisroom.tui.compose.ask import Confirm
from crisisroom.tui.compose.forms import TITLES, form_items, language_in
from crisisroom.tui.compose.opened import Opened
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.replybase import ReplyBase
from crisisroom.tui.compose.said import line
from crisisroom.tui.compose.tongues import language_name
from crisisroom.tui.screens.dialogs import asking


class Forming(ReplyBase):
    """Turns a reply into another form or language; one's own words are replaced only when asked."""

    def action_form(self) -> None:
        """Choose the form of the reply."""
        if self.opened is None or self.app.screen is not self:
            return
        items = form_items(self.desk, self.form)
        self.app.push_screen(
            Pick("What kind of reply?", items, told="with the words it opens with", verb="take"),
            self._formed,
        )

    def _formed(self, chosen: str | None) -> None:
        opened = self.opened
        if opened is not None and chosen in TITLES and chosen != opened.form:
            form: Form = chosen
            self._turn(opened.turned(form, opened.language))

    def action_language(self) -> None:
        """Say it in the post's language, or in the playbook's own."""
        opened = self.opened
        if opened is None or self.app.screen is not self:
            return
        if not opened.theirs:
            self.say("the playbook has no other language that serves this post")
            return
        turned = opened.turned(opened.form, "" if opened.language else opened.theirs)
        used = turned.desk.review(turned.first_text).check.used
        if turned.language and language_in(used) != turned.language:
            told = "what fits here is not translated into " + language_name(turned.language)
            self.say((told, "warn"))
            return
        self._turn(turned)

    def _turn(self, turned: Opened) -> None:
        """Go over to another form or language, with its words where nobody changed ours."""
        text = self.editor.text
        if text.strip() and text != self.filled and text != turned.first_text:
            asked = asking("Replace what you wrote?", "n keeps your words as they are")
            rows = (line(" ".join(turned.first_text.split())),)
            screen = Confirm(asked, rows, self.room.clock.monotonic, verb="replace")
            self.app.push_screen(screen, partial(self._turned, turned))
        else:
            self._turned(turned, True)

    def _turned(self, turned: Opened, replace: bool | None) -> None:
        self.opened = turned
        if replace:
            self.filled = turned.first_text
            self.put_in(self.filled, self.cursor_in(self.filled))
        else:
            self.editor.focus()
        self.call_later(self.refresh_all)
