"""In a real terminal of 80x24: a post is answered with approved words and stands on the network."""

from __future__ import annotations

import time

from e2e.fake_mastodon import FakeMastodon
from e2e.ground import PLAYBOOK, Ground
from e2e.scene import SMALL
from e2e.terminal import Terminal
from mastodon_contract import TOKEN

MOST = 6  # key presses that are allowed, typed words aside
READING = 0.5  # seconds in which a person looks at what goes out: no paste takes them
SAID = "We are sorry. You were charged twice, and that is our mistake."
WORDS = f"""\
key_messages:
  - {{id: sorry, title: "apology", when: ["charged twice", card], text: "{SAID}"}}
greeting: "Hello {{{{handle}}}},"
sign_off: "The team of {{{{brand}}}}"
approvals:
  - {{id: lead, by: [lead]}}
reply_approval: lead
"""


def test_a_post_is_answered_in_three_keys(ground: Ground) -> None:
    with FakeMastodon(idempotent=True) as fake:
        ground.configure(fake.url, TOKEN)
        (ground.folder / "playbooks" / "proof.yaml").write_text(PLAYBOOK + WORDS)
        ground.do("playbook", "approve", "proof")
        ground.declare()
        post = {
            "text": "You charged my card twice! Is anybody there?",
            "source": "replies",
            "external_id": "1000",
            "author": {"handle": "pat"},
        }
        ground.ingest([post])
        screen = ground.screen(watch=True, size=SMALL).wait_for("r reply").wait_for("pat")
        pressed: list[str] = []
        _press(screen, pressed, "r").wait_for("of 500").wait_for("We are sorry")
        _press(screen, pressed, "ctrl+s").wait_for("y send")
        seen = time.monotonic()
        ground.until(lambda: time.monotonic() - seen > READING, "a hand that took its time")
        _press(screen, pressed, "y").wait_for("R-1 is queued")
        assert pressed == ["r", "ctrl+s", "y"]
        assert len(pressed) <= MOST
        ground.until(lambda: fake.texts("1000"), "a reply on the network")
        (said,) = fake.texts("1000")
        assert SAID in said
        ground.until(lambda: ground.incident().replies["R-1"].state == "sent", "word of it")
    assert not ground.broken()


def _press(screen: Terminal, pressed: list[str], key: str) -> Terminal:
    pressed.append(key)
    return screen.press(key)
