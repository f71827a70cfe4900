"""The part of the settings that the room keeps, into its store and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from crisisroom.config.settings import Config, RoomConfig
from crisisroom.core.errors import Refused


def room_part(config: Config) -> dict[str, Any]:
    """Return what belongs to the room as plain JSON values: everything but its address.

    Accounts name the variable or the file of their token, so that the watcher finds it on its
    host; a token itself is in no configuration.
    """
    room = config.room
    values: dict[str, Any] = msgspec.to_builtins(
        RoomConfig(
            name=room.name,
            zone=room.zone,
            language=room.language,
            brand=config.brand,
            accounts=config.accounts,
            sources=config.sources,
            team=config.team,
            oncall=config.oncall,
            terms=config.terms,
            exclude=config.exclude,
            expected=config.expected,
            campaigns=config.campaigns,
            warn=config.warn,
            pauses=config.pauses,
            messengers=config.messengers,
            notifying=config.notifying,
            retention=config.retention,
            evidence=config.evidence,
            anchors=config.anchors,
        )
    )
    return values


def room_from(values: Mapping[str, Any]) -> RoomConfig:
    """Read back what `room_part` returned; raises `Refused` when it is damaged or newer."""
    try:
        room = msgspec.convert(values, RoomConfig)
    except msgspec.ValidationError as error:
        raise Refused("config_damaged", f"the room's configuration is damaged: {error}") from error
    if room.schema != 1:
        hint = "update crisisroom on this machine"
        raise Refused("config_schema", "the room's configuration is of a newer schema", hint)
    return room
