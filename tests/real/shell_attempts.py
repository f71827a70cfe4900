"""What people try over a key that opens one room: each has to be refused in one line."""

from __future__ import annotations

from itertools import zip_longest

from crisisroom.cli.commands import works_over_key
from crisisroom.cli.verbs import SUMMARIES

MARK = "{mark}"  # the file that nobody may be able to make
_SECRET = "/etc/passwd"

_SEPARATED = (";", "&&", "||", "|", "&", "\n", "\r\n", "\r", "|&", ";;")
_SUBSTITUTED = (
    "note $(touch {mark})",
    "note `touch {mark}`",
    'note "$(touch {mark})"',
    'note "`touch {mark}`"',
    "note ${{IFS}}touch",
    "note $HOME",
    'note "$PATH"',
    "note $'\\x41'",
    "status > {mark}",
    "status >> {mark}",
    "status 2> {mark}",
    "status >{mark}",
    "status &> {mark}",
    "note < /etc/passwd",
    "note <<< hi",
    "note <(id)",
    "status >(tee {mark})",
    "(status)",
    "{{ status; }}",
    "! status",
    "note hi #; touch {mark}\ntouch {mark}",
)
_GLOBS = ("status *", "note *", "note ?", "note [ab]", "note {{a,b}}", "export * .*", "note ~root")
_PROGRAMS = (
    *("/bin/sh", "sh", "sh -c id", "bash -i", "exec sh", "eval id", "env", "id", "alias", "cd /"),
    *("python3 -c 1", "cat /etc/passwd", "vi", "less /etc/passwd", "more", "man status", ". /x"),
    *("source /x", "sudo -i", "su", "tmux", "nc -l 1", "/usr/bin/touch {mark}", "touch {mark}"),
    *("scp -t /tmp", "scp -f /etc/passwd", "scp -r -p -t .", "internal-sftp", "sftp-server"),
    *("/usr/lib/openssh/sftp-server", "rsync --server -e.LsfxC . /tmp", "rsync --daemon ."),
    *(
        "git-upload-pack '/srv'",
        "git-receive-pack '/srv'",
        "git-shell",
        "cvs server",
        "svnserve -t",
    ),
    *("crisisroom status", "python -m crisisroom status", "./status", "/status", "../status"),
)
_FORCED = ("--room", "--config", "--as", "--roo", "--r", "--conf", "--c", "--a", "--ROOM", "--As")
_TYPESET = (
    "\u2013as eve status",
    "status \u2014room x",
    "note \u2212\u2212as eve",
    "\u2010\u2010config x status",
    "note \uff0d\uff0das eve",
)
_FILES = (
    *("export INC-1 -o {mark}", "export INC-1 -o{mark}", "export INC-1 --output {mark}"),
    *("export INC-1 --output={mark}", "export INC-1 --outp={mark}", "export INC-1 --out {mark}"),
    *("export --evidence", "export --sign", "export --key /root/.ssh/id_rsa", "export --force"),
    *("export --format csv", "export --format all", "export --format ../x", "export @/etc/passwd"),
    *("team INC-1 -o {mark}", "team INC-1 -o{mark}", "team --force", "anchor make -o {mark}"),
    *("team --playbook /etc/passwd", "team --playbook ../x.yaml", "team --playbook=./x.yaml"),
    *("anchor make -o{mark}", "anchor make --sign", "anchor make --key /root/.ssh/id_rsa"),
    *("playbook show product-defect -o {mark}", "playbook show /etc/passwd", "playbook show ./x.y"),
    *("playbook preview /etc/passwd", "playbook diff INC-1 /etc/passwd", "playbook add /x.yaml"),
    *("playbook patch INC-1 --file /etc/passwd", "playbook approve /etc/passwd", "playbook new"),
    *("declare boom --playbook /etc/passwd", "suggest --playbook /etc/passwd hi"),
    *("narratives --from /etc/passwd", "narratives --from=/etc/passwd", "verify /etc/passwd"),
    *("bulk send N-1 --words x --from /etc/passwd", "verify ./room.db", "verify INC-1 /etc/x"),
    *("verify --anchor /etc/passwd", "verify --anchor=x", "verify --signers /etc/passwd"),
    *("status @/etc/passwd", "@/etc/passwd", "status /etc/passwd", "status -- -x", "status -x"),
    *("status -o {mark}", "status --output {mark}", "review edit INC-1 --from /etc/passwd"),
    *("evidence add INC-1 /etc/passwd", "evidence save 00000000 -o {mark}", "import /etc/passwd"),
    *("backup {mark}", "backup --to /tmp", "restore /tmp/x.db --force", "apply /etc/passwd"),
)
_SIGNS = (
    "status\x1b]0;x\x07",
    "note \x1b[2J",
    "note a\tb",
    "note a\x7fb",
    "note \x9b31m",
    "note a\u2028b",
    "note a\u2029b",
    "note a\x85b",
    "\x04",
    "status\x03",
    "note \x08\x08",
    "note a\x0bb",
    "note a\x0cb",
    "note \udcff\udcfe",  # bytes that are no UTF-8
    "\udc80status",
)
_SIZES = (" ", "   ", "''", '""', "'' status", "note " + "x" * 70_000, "A" * 100_000)
_QUOTES = ("note 'x", 'note "x', "note x\\", "note '", 'note "', "status '", 'note "x\\"')
_SLIPS = ("stat", "expor", "STATUS", "Status", "task do", "help !sh", "open", "open INC-1", "shell")
_PAGED = ("timeline | less", "status --pager less", "review edit INC-1", "e", "w", ":!sh", "!sh")


_BENT = (
    "note hi --as eve",
    "note 'hi' '--as' 'eve'",
    'note hi "--as=eve"',
    "note -as eve",
    "note --as\\=eve hi",
    "note '--'as eve",
    "status --command-id x --room=y",
    "-- --room x status",
    "--plain --as=eve status",
    "shell SHA256:x",
    "help ../../etc/passwd",
    "task/../backup x",
    "brief INC-1 --for @/etc/passwd",
    "export INC-1 --tz ../../../etc/passwd",
    "export INC-1 --profile ../x",
    "metrics --target @/etc/passwd",
    "timeline --limit 1e99",
    "timeline --at /etc/passwd",
    "open --config x",
)


_OPTION = ("--roo=/x", "--ro /x", "--conf /x", "--confi=/x", "--as=x", "--a s", "--AS=x", "-a x")
_LOOKALIKE = (
    *("--\uff32oom /x", "-\u2013as x", "--room\u200b=/x", "--\u200broom /x", "--ro\u00adom=/x"),
    *("---room /x", "\u2014config=/x", "--config-file=/x", "--person x", "--key x", "--env x=y"),
    *("--door x", "--confined=", "--clock x", "-r /x", "-c /x", "-C /x", "--rcfile=/x", "--no-as"),
)
_UNSEEN = (
    *("\u0455tatus", "\uff53tatus", "status\u200b", "\u200bstatus", "st\u0430tus", "not\u0435 hi"),
    *("\uff33\uff34\uff21\uff34\uff35\uff33", "st\u00adatus", "\ufeffstatus", "status\u00a0"),
    *("\u3000status", "note\u00a0hi", "task\u00a0list", "\u202estatus", "\u061cstatus", "\ufb01le"),
    *("ba\u0301ckup", "foo\u202ebar", "nope'\u200f\u2066x'", "xx\U000e0041", "status '\u202e'"),
    *("brief \u2066INC-1", "status --tz '\u202e/etc/passwd'", "task\u2009list", "\u2800", "\ue000"),
)
_DASHES = (
    *("-- status", "-- -- status", "-- backup /tmp/x", "-- shell", "-- --help", "-", "--", "---"),
    *("status -", "status -- /etc/passwd", "status -- --jso x", "who -- -x y", "--version --as=x"),
    *("brief -- -o", "export INC-1 -- -o {mark}", "export -- INC-1 -o{mark}", "open -- -- x"),
)
_FROM_FILES = (
    *("note INC-1 --at @/etc/passwd", "timeline --since=@/etc/passwd", "export INC-1 -o=/tmp/x"),
    *("export -fhtml", "export INC-1 --form html -o-", "export INC-1 --for=html", "metrics -o x"),
    *("evidence add INC-1 -", "import -", "import contacts -", "import messages -", "apply -"),
    *("restore -", "playbook add -", "playbook add file:///etc/passwd", "verify file:///etc/x"),
    *("verify -", "team --playbook -", "evidence show ../x", "playbook show ..", "sign -"),
)
_PATHS = (
    "__main__",
    "../shell",
    "cli.shell",
    "os",
    "VERBS",
    "crisisroom.cli",
    "shell.py",
    "-m pdb",
)
_ON_A_SCREEN = ("open --mouse", "open INC-1 --no-watch", "INC-1", "inc-99", "open --light --ascii")
_RUNNING = (
    "--follow",
    "timeline --follow x",
    "status --follow",
    "watch --once",
    "serve",
    "login x",
)
_SHUT_HELP = (
    *("backup -h", "watch --help", "shell --help", "shell -h", "evidence add -h", "init -h"),
    *("authorized-keys -h", "apply --help", "login --help", "doctor -h", "units --help"),
    *("help -- backup", "help --room", "help help"),
)


def kinds(mark: str) -> list[list[str]]:
    """The commands that somebody may send, by kind: none is anything that the key opens."""
    known = works_over_key()
    beside = [f"status{gap}{one}{gap}touch {mark}" for one in _SEPARATED for gap in (" ", "")]
    forced = [
        call.format(option)
        for option in _FORCED
        for call in ("{} /nowhere/room.db status", "status {}=/nowhere/room.db", "note -- {} eve")
    ]
    return [
        beside,
        [one.format(mark=mark) for one in _SUBSTITUTED],
        [one.format(mark=mark) for one in _GLOBS],
        [one.replace(MARK, mark) for one in _PROGRAMS],
        [one.replace(MARK, mark) for one in _FILES],
        forced,
        *([*some] for some in (_BENT, _TYPESET, _SIGNS, _SIZES, _QUOTES, _SLIPS, _PAGED)),
        [f"{verb} {one}" for verb in ("status", "export INC-1") for one in _OPTION + _LOOKALIKE],
        [one.replace(MARK, mark) for one in _DASHES],
        *([*some] for some in (_UNSEEN, _FROM_FILES, _PATHS, _ON_A_SCREEN, _RUNNING, _SHUT_HELP)),
        [name for name in SUMMARIES if name not in known],
    ]


def commands(mark: str) -> list[str]:
    """All of them, each once."""
    return [*dict.fromkeys(one for some in kinds(mark) for one in some)]


def sample(mark: str, count: int) -> list[str]:
    """As many of them as that, of every kind by turns."""
    turns = zip_longest(*kinds(mark))
    by_turns = dict.fromkeys(one for turn in turns for one in turn if one is not None)
    return [*by_turns][:count]
