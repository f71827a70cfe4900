"""Messages by mail, through the SMTP server of one of our accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crisisroom.config import Account
from crisisroom.config.token import secret_of
from crisisroom.core.errors import Refused
from crisisroom.mail.letter import Letter
from crisisroom.mail.submission import USUAL_PORT, Door, handing_in
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered
from crisisroom.wire.answer import FetchError
from crisisroom.wire.smtp import Denied, address_flaw, sender_of

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher


class ByMail:
    """One mail account with a server that sends."""

    def __init__(
        self, messenger_id: str, account: Account, fetch: Fetcher, env: Mapping[str, str]
    ) -> None:
        self.id = messenger_id
        self._account = account
        self._fetch = fetch
        self._env = env

    async def carry(self, to: str, message: Message) -> str:
        """Mail the message; NotDelivered, InDoubt, or Refused for the password."""
        if flaw := address_flaw(to):
            raise Refused("reach", f"the mail address of this contact is none: {flaw}", "mend it")
        sender, mail = self._written(to, message)
        door = await self._door()
        begun = False
        try:
            async with handing_in(door, self._fetch) as submission:
                await submission.address(sender, (to,), len(mail))
                await submission.hand_over(mail)
                begun = True
                await submission.commit()
        except Denied as error:
            raise NotDelivered(error.message, "check the account, or call") from None
        except FetchError as error:
            if begun:
                raise InDoubt(f"nobody knows whether the mail went: {error.message}") from None
            why = f"the mail did not go: {error.message}"
            raise NotDelivered(why, "try again", away=True) from None
        return message.id

    async def prove(self) -> None:
        """Log in and go away; NotDelivered or Refused."""
        try:
            async with handing_in(await self._door(), self._fetch):
                return
        except (Denied, FetchError) as error:
            raise NotDelivered(f"the mail server: {error.message}") from None

    def _written(self, to: str, message: Message) -> tuple[str, bytes]:
        """Return the address it comes from, and the mail."""
        account = self._account
        try:
            _, sender = sender_of(account.sender or account.handle)
            letter = Letter(
                id=f"{message.id}@{sender.rpartition('@')[2]}",
                sender=account.sender or account.handle,
                to=(to,),
                title=message.title,
                text=message.text,
                at=message.at,
            )
            return sender, letter.encoded()
        except ValueError as error:
            hint = f"check sender: of the account {account.id}"
            raise NotDelivered(f"no mail can be made of it: {error}", hint) from None

    async def _door(self) -> Door:
        account = self._account
        host, _, port = account.smtp.partition(":")
        return Door(
            host,
            int(port or USUAL_PORT),
            account.handle,
            await secret_of(account, self._env),
            private=account.private,
            ca_file=account.ca_file,
        )
