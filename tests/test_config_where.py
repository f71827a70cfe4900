from __future__ import annotations

from pathlib import Path

import pytest

from crisisroom.config import (
    Config,
    RoomSettings,
    config_home,
    data_home,
    find_config,
    room_address,
)
from crisisroom.core.errors import Usage

CONFIG = Config(schema=1, room=RoomSettings(address="/srv/room/rooms/room.db"))


def test_the_flag_comes_first_and_the_person_s_own_file_last(tmp_path: Path) -> None:
    here, xdg = tmp_path / "here", tmp_path / "xdg"
    files = {
        "flag": tmp_path / "flag.yaml",
        "variable": tmp_path / "variable.yaml",
        "here": here / "crisisroom.yaml",
        "own": xdg / "crisisroom" / "crisisroom.yaml",
    }
    for file in files.values():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("schema: 1\n")
    env = {"CRISISROOM_CONFIG": str(files["variable"])}
    assert find_config(str(files["flag"]), env, here, xdg) == files["flag"]
    assert find_config("../flag.yaml", {}, here, xdg) == here / "../flag.yaml"
    assert find_config(None, env, here, xdg) == files["variable"]
    assert find_config(None, {}, here, xdg) == files["here"]
    files["here"].unlink()
    assert find_config(None, {}, here, xdg) == files["own"]
    files["own"].unlink()
    assert find_config(None, {"CRISISROOM_CONFIG": ""}, here, xdg) is None


@pytest.mark.parametrize(
    ("flag", "env", "where"),
    [
        ("none.yaml", {}, "--config"),
        (None, {"CRISISROOM_CONFIG": "none.yaml"}, "CRISISROOM_CONFIG"),
    ],
)
def test_a_named_file_has_to_be_there(
    flag: str | None, env: dict[str, str], where: str, tmp_path: Path
) -> None:
    (tmp_path / "crisisroom.yaml").write_text("schema: 1\n")
    with pytest.raises(Usage, match=where) as refused:
        find_config(flag, env, tmp_path, tmp_path)
    assert refused.value.hint


def test_the_room_s_address() -> None:
    config, xdg = CONFIG, Path("/home/ada/.local/share")
    env = {"CRISISROOM_ROOM": "/tmp/env.db"}
    assert room_address("/tmp/flag.db", env, config, xdg) == "/tmp/flag.db"
    assert room_address(None, env, config, xdg) == "/tmp/env.db"
    assert room_address(None, {}, config, xdg) == "/srv/room/rooms/room.db"
    assert room_address(None, {}, None, xdg) == "/home/ada/.local/share/crisisroom/room.db"
    assert room_address("postgresql://db/room", {}, None, xdg) == "postgresql://db/room"
    with pytest.raises(Usage):
        room_address("redis://db", {}, None, xdg)
    with pytest.raises(Usage, match="password"):
        room_address("postgresql://a:b@db/room", {}, None, xdg)


def test_relative_xdg_directories_do_not_count() -> None:
    home = Path("/home/ada")
    assert config_home({}, home) == home / ".config"
    assert config_home({"XDG_CONFIG_HOME": "/etc/ada"}, home) == Path("/etc/ada")
    assert data_home({"XDG_DATA_HOME": "data"}, home) == home / ".local" / "share"
