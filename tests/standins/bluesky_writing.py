"""A stand-in for a Bluesky data server that is written to, after the lexicons of com.atproto.repo.

It keeps records by key, counts the versions it kept, and misbehaves where a test says so.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bluesky_contract import ME, PASSWORD, PAT, POST, failed, post
from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json
from werkzeug import Request, Response

_REPO = "com.atproto.repo."


class Writable(StandIn):
    """One account's server; `faults_at` answers a method in its place."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.records: dict[str, dict[str, Any]] = {}
        self.threads: dict[str, dict[str, Any]] = {}
        self.handles = {"pat.test": PAT["did"]}
        self.faults_at: dict[str, Response] = {}
        self.headers: dict[str, str] = {}
        self.written = 0
        self.valid = 0  # the number of the access token that is accepted
        self.route("^/xrpc/", self._answer)

    @property
    def methods(self) -> list[str]:
        return [request.path.rpartition(".")[2] for request in self.asked]

    def show(self, key: int, **more: Any) -> str:
        """Let the network show a post of Pat's; return its address."""
        shown = post(key, **more)
        shown["cid"] = f"bafyreipat{key}"
        kind = "app.bsky.feed.defs#threadViewPost"
        self.threads[shown["uri"]] = {"$type": kind, "post": shown}
        return str(shown["uri"])

    def _answer(self, request: Request) -> Response:
        method = request.path.removeprefix("/xrpc/")
        if method in self.faults_at:
            return self.faults_at[method]
        if method.startswith("com.atproto.server."):
            return self._session(method, request)
        if request.headers.get("Authorization") != f"Bearer access-{self.valid}":
            return failed("ExpiredToken", 400)
        if method.startswith(_REPO):
            answer = self._repo(method.removeprefix(_REPO), request)
            answer.headers.extend(self.headers)
            return answer
        return self._network(method, request)

    def _session(self, method: str, request: Request) -> Response:
        if method.endswith("createSession"):
            said = request.get_json()
            if (said["identifier"], said["password"]) != ("acme.test", PASSWORD):
                return failed("AuthenticationRequired", 401, "Invalid identifier or password")
        tokens = {"accessJwt": f"access-{self.valid}", "refreshJwt": "refresh"}
        return as_json({**ME, **tokens})

    def _repo(self, name: str, request: Request) -> Response:
        if name == "getRecord":
            assert request.args["collection"] == POST
            found = self.records.get(request.args["rkey"])
            return as_json(found) if found else failed("RecordNotFound", 400)
        said = request.get_json()
        assert (said["repo"], said["collection"]) == (ME["did"], POST)
        if name == "deleteRecord":
            self.records.pop(said["rkey"], None)
            return as_json({})
        assert said["swapRecord"] is None
        return self._put(said["rkey"], said["record"])

    def _put(self, rkey: str, record: dict[str, Any]) -> Response:
        cid = "bafy" + hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        made = {"uri": f"at://{ME['did']}/{POST}/{rkey}", "cid": cid}
        if rkey in self.records and self.records[rkey]["cid"] != cid:
            return failed("InvalidSwap", 400)
        if rkey not in self.records:
            self.written += 1
            self.records[rkey] = {**made, "value": record}
        return as_json(made)

    def _network(self, method: str, request: Request) -> Response:
        if method == "app.bsky.feed.getPostThread":
            found = self.threads.get(request.args["uri"])
            return as_json({"thread": found}) if found else failed("NotFound", 400)
        if method == "com.atproto.identity.resolveHandle":
            did = self.handles.get(request.args["handle"])
            return as_json({"did": did}) if did else failed("InvalidRequest", 400)
        return failed("MethodNotImplemented", 501)
