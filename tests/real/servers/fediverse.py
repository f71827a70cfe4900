"""Two federated servers: the brand's at acme.test, the customers' at fans.test."""

from __future__ import annotations

from real.servers.base import Ground
from real.servers.mastodon_api import Account, Json, sign_in
from real.servers.snac import Snac


class Fediverse(Ground):
    """acme.test with brand and helpdesk, fans.test with angry (the stranger) and happy.

    Every account has a token from the complete OAuth code flow. Federation takes about 5 s.
    """

    brand: Account
    helpdesk: Account
    stranger: Account
    happy: Account

    def __init__(self) -> None:
        self.acme = Snac("acme.test", ["brand", "helpdesk"])
        self.fans = Snac("fans.test", ["angry", "happy"])

    @classmethod
    def install(cls) -> None:
        Snac.install()

    def start(self) -> None:
        for server in (self.acme, self.fans):
            server.start()
        self.brand, self.helpdesk = (self._account(self.acme, user) for user in self.acme.users)
        self.stranger, self.happy = (self._account(self.fans, user) for user in self.fans.users)

    def complain(self, text: str) -> Json:
        """The stranger mentions the brand in public; returns the status as fans.test has it."""
        return self.stranger.post(f"{self.brand.handle} {text}")

    def logs(self) -> str:
        return f"acme.test:\n{self.acme.logs()}\nfans.test:\n{self.fans.logs()}"

    def close(self) -> None:
        self.acme.close()
        self.fans.close()

    @staticmethod
    def _account(server: Snac, user: str) -> Account:
        return sign_in(server.url, user, server.passwords[user])
