"""Adding a source: the guide's example does what the guide says, here and as another's package."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T
from standins.base import StandIn, as_json, stamp
from werkzeug import Request, Response

import crisisroom.sources
from crisisroom.clock import ManualClock
from crisisroom.config.source_types import TYPES
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher
from crisisroom.sources import make

GUIDE = (Path(crisisroom.sources.__file__).parent / "README.md").read_text("utf-8")


def _block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


class Tracker(StandIn):
    """The invented bug tracker: fifty tickets a page, newest first."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.count = 0
        self.route("^/tickets.json$", self._answer)

    def _answer(self, request: Request) -> Response:
        top = int(request.args.get("before", self.count + 1))
        numbers = range(top - 1, max(0, top - 51), -1)
        tickets = [
            {"id": n, "title": f"Ticket {n}", "body": "<p>It <b>fails</b></p>", "by": "pat",
             "opened": stamp(T - 50_000 + n * 60)}
            for n in numbers
        ]  # fmt: skip
        return as_json({"tickets": tickets})


@pytest.fixture
def tracker(httpserver: HTTPServer) -> Tracker:
    return Tracker(httpserver)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the guide's package as an installer would: a module, and what it provides."""
    project = tomllib.loads(_block("toml"))["project"]
    (tmp_path / "crisisroom_tickets.py").write_text(_block("python"), "utf-8")
    about = tmp_path / f"crisisroom_tickets-{project['version']}.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    (group,) = project["entry-points"]
    points = "".join(f"{k} = {v}\n" for k, v in project["entry-points"][group].items())
    about.joinpath("entry_points.txt").write_text(f"[{group}]\n{points}")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("crisisroom_tickets", None)


async def test_the_example_does_what_the_rules_say(
    tracker: Tracker, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", module)
    exec(compile(_block("python"), "README.md", "exec"), module.__dict__)
    options = {"url": tracker.url, "private": True}
    source = Asked(module.make("bugs", options, clock=clock), fetch)
    tracker.count = 200
    first = await source.poll()
    assert [one.external_id for one in first.mentions] == [str(n) for n in range(151, 201)]
    assert first.mentions[0].text == "Ticket 151\n\nIt fails"
    assert first.wait == 60
    tracker.count = 600
    assert sorted(map(int, await source.all_ids())) == list(range(201, 601))
    assert await source.ids() == []
    with pytest.raises(Refused, match="source bugs"):
        module.make("bugs", {"url": "x", "typo": "y"}, clock=clock)


async def test_another_package_brings_a_source(
    package: Path, tracker: Tracker, clock: ManualClock, fetch: Fetcher
) -> None:
    tracker.count = 1
    options = {"url": tracker.url, "private": True}
    source = make("tickets", "bugs", options, clock=clock)
    assert await Asked(source, fetch).ids() == ["1"]


def test_a_package_that_cannot_be_loaded_is_named(package: Path, clock: ManualClock) -> None:
    (package / "crisisroom_tickets.py").write_text("import nothing_of_that_name", "utf-8")
    with pytest.raises(Refused, match="the source tickets of crisisroom_tickets:make") as caught:
        make("tickets", "bugs", {}, clock=clock)
    assert "nothing_of_that_name" in caught.value.message


def test_without_the_package_the_type_is_unknown(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="no source of kind 'tickets'"):
        make("tickets", "bugs", {}, clock=clock)


def test_the_guide_speaks_of_types_there_are() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
    assert {"hackernews", "stackexchange", "discourse", "reddit", "youtube"} <= told
    assert told <= set(TYPES)
