"""WordPress on PHP's own server with a private MariaDB: feeds with 304, comments, REST."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from real.servers import install
from real.servers.base import Daemon, Privileges, Server, ServerError, accepts, free_port, run
from real.servers.mariadb import MariaDb
from real.servers.mastodon_api import Json, request

SITE = Path(__file__).parent / "site"
RUNS_AS = Privileges(nobody=True)
PHP = ["php", "-d", "memory_limit=256M", "-d", "sendmail_path=/bin/true"]


@dataclass(frozen=True, slots=True)
class Article:
    """A published post of the blog."""

    id: int
    link: str


class WordPress(Server):
    """An empty blog with the user admin; `app_password` opens its REST interface.

    Its feeds tell changes by the second: two posts within one second share an ETag.
    """

    name: ClassVar[str] = "wordpress"
    user: ClassVar[str] = "admin"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.app_password = ""
        self.rss = f"{self.url}/?feed=rss2"
        self.atom = f"{self.url}/?feed=atom"
        self.rdf = f"{self.url}/?feed=rdf"
        self.comments_rss = f"{self.url}/?feed=comments-rss2"
        self._database = MariaDb("wordpress")

    @classmethod
    def install(cls) -> None:
        MariaDb.install()
        install.apt("php-cli", "php-mysql", "php-mbstring", "php-xml")
        cls._root()

    @staticmethod
    def _root() -> Path:
        # Unpacked and not installed, for the package brings Apache along and starts it.
        return install.unpack("wordpress", "usr/share/wordpress")

    def prepare(self) -> Daemon:
        self._database.start()
        if not self.app_password:
            shutil.copytree(SITE, self.state / "site")
            shutil.copyfile(SITE / "config.php", self._root() / "wp-config.php")
            self.app_password = self._set_up()
        serve = [*PHP, "-S", f"127.0.0.1:{self.port}", "-t", str(self._root())]
        return Daemon(serve, self.log, env=self._settings(), privileges=RUNS_AS)

    def ready(self) -> bool:
        return accepts("127.0.0.1", self.port)

    def stop(self) -> None:
        super().stop()
        self._database.stop()

    def close(self) -> None:
        super().close()
        self._database.close()

    def logs(self) -> str:
        return f"{super().logs()}\n{self._database.logs()}"

    def post(self, title: str, body: str) -> Article:
        """Publishes a post over REST with the application password."""
        form = {"title": title, "content": body, "status": "publish"}
        made: Json = self.rest("POST", "/wp/v2/posts", json=form)
        return Article(made["id"], made["link"])

    def comment(self, post_id: int, text: str, author: str) -> int:
        """A visitor comments through the blog's public form; returns the comment's id."""
        form = {
            "comment_post_ID": str(post_id),
            "author": author,
            "email": f"{author}@fans.test".replace(" ", "."),
            "comment": text,
        }
        sent = request("POST", f"{self.url}/wp-comments-post.php", data=form)
        found = re.search(r"#comment-(\d+)$", sent.headers.get("location", ""))
        if found is None:
            raise ServerError(f"the comment was not taken: {sent.status_code} {sent.text[:500]}")
        return int(found.group(1))

    def comments(self, post_id: int) -> list[Json]:
        """The public comments of a post, as REST gives them."""
        query = {"post": str(post_id), "order": "asc", "per_page": "100"}
        found: list[Json] = []
        while len(found) % 100 == 0:
            more = {**query, "offset": str(len(found))}
            page: list[Json] = self.rest("GET", "/wp/v2/comments", params=more)
            if not page:
                break
            found += page
        return found

    def rest(self, method: str, route: str, **options: Any) -> Any:
        """Calls the REST interface as admin and returns the JSON; ServerError on 4xx and 5xx."""
        params = {"rest_route": route} | options.pop("params", {})
        login = (self.user, self.app_password)
        return request(method, f"{self.url}/", params=params, auth=login, **options).json()

    def comments_feed(self, post_id: int) -> str:
        """The address of the feed of one post's comments."""
        return f"{self.url}/?feed=rss2&p={post_id}"

    def _settings(self) -> dict[str, str]:
        return {
            "SITE_URL": self.url,
            "SITE_ROOT": str(self._root()),
            "SITE_DATABASE": str(self._database.socket),
            "SITE_PLUGINS": str(self.state / "site" / "plugins"),
        }

    def _set_up(self) -> str:
        settings = [f"{name}={value}" for name, value in self._settings().items()]
        script = [*PHP, str(self.state / "site" / "setup.php")]
        password = run(RUNS_AS.wrap(["env", *settings, *script]), seconds=120).strip()
        if not re.fullmatch(r"\w{24}", password):
            raise ServerError(f"WordPress could not be set up:\n{password}")
        return password
