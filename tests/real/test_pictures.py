"""Pictures of posts from a real web server: fetched by the watcher, kept by their hash."""

from __future__ import annotations

import hashlib
import json

from real.program import Program
from real.servers.wordpress import WordPress

LOGO = "wp-includes/images/w-logo-blue.png"  # in every WordPress


def _posts(wordpress: WordPress) -> list[dict[str, object]]:
    places = {
        "logo": LOGO,
        "again": f"{LOGO}?size=full",
        "missing": "no-such.png",
        "page": "wp-login.php",
    }
    return [
        {
            "text": f"look at the {name}",
            "source": "blog",
            "external_id": name,
            "media": [{"url": f"{wordpress.url}/{place}"}],
        }
        for name, place in places.items()
    ]


def test_pictures_of_linked_posts_are_kept_as_they_are(
    program: Program, wordpress: WordPress
) -> None:
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    program.open_incident()
    lines = program.folder / "posts.jsonl"
    lines.write_text("".join(f"{json.dumps(one)}\n" for one in _posts(wordpress)))
    program.run("ingest", str(lines))
    ids = {one["external_id"]: one["id"] for one in program.mentions("look at the")}
    program.run("mention", "link", "INC-1", *ids.values())
    program.run("watch", "--once")

    logo = (WordPress._root() / LOGO).read_bytes()
    (kept,) = program.json("evidence", "list", "INC-1")
    assert kept["sha256"] == hashlib.sha256(logo).hexdigest()
    assert (kept["media"], kept["size"], kept["posts"]) == ("image/png", len(logo), 2)
    shown = {name: program.json("evidence", "show", one) for name, one in ids.items()}
    states = {name: one["pictures"][0]["state"] for name, one in shown.items()}
    assert states == {"logo": "kept", "again": "kept", "missing": "wanted", "page": "refused"}
    assert "text/html" in shown["page"]["pictures"][0]["reason"]

    program.run("evidence", "save", kept["sha256"][:12], "-o", "saved")
    assert (program.folder / "saved").read_bytes() == logo
    assert program.json("evidence", "check")["ok"]
    program.run("backup", "copy.db")
    copied = program.json("--room", str(program.folder / "copy.db"), "evidence", "check")
    assert copied["ok"]


def test_a_server_that_went_away_takes_nothing_with_it(
    program: Program, wordpress: WordPress
) -> None:
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    program.open_incident()
    (program.folder / "one.jsonl").write_text(f"{json.dumps(_posts(wordpress)[0])}\n")
    program.run("ingest", "one.jsonl")
    program.run("mention", "link", "INC-1", "M-1")
    program.run("watch", "--once")
    wordpress.stop()
    try:
        program.run("watch", "--once", codes=(0, 1))
        assert len(program.json("evidence", "list", "INC-1")) == 1
        assert program.json("evidence", "check", "INC-1")["ok"]
    finally:
        wordpress.start()
