"""crisisroom.yaml: where the room is, what it watches, and who works in it."""

from crisisroom.config.evidence import Keep
from crisisroom.config.kept import room_from, room_part
from crisisroom.config.settings import (
    DRILL,
    Account,
    Brand,
    Campaign,
    Config,
    Expected,
    OnCall,
    RoomConfig,
    RoomSettings,
    Source,
    Swap,
    Term,
    Warn,
)
from crisisroom.config.team import Member, member_of, who_may_hold
from crisisroom.config.where import (
    CONFIG_VARIABLE,
    FILE,
    ROOM_VARIABLE,
    config_home,
    data_home,
    find_config,
    room_address,
)
from crisisroom.core.problems import Problem

__all__ = [
    "CONFIG_VARIABLE",
    "DRILL",
    "FILE",
    "ROOM_VARIABLE",
    "Account",
    "Brand",
    "Campaign",
    "Config",
    "Expected",
    "Keep",
    "Member",
    "OnCall",
    "Problem",
    "RoomConfig",
    "RoomSettings",
    "Source",
    "Swap",
    "Term",
    "Warn",
    "config_home",
    "data_home",
    "find_config",
    "member_of",
    "room_address",
    "room_from",
    "room_part",
    "who_may_hold",
]
