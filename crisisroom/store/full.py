"""A store on a full disk, to look at and nothing else."""

from __future__ import annotations

from crisisroom.clock import Clock
from crisisroom.store import Store
from crisisroom.store.address import Address, FileAddress
from crisisroom.store.sqlite.full import FullDiskEngine


class FullDisk(Store):
    """A room's file that nothing can be written to; open it where `Store` says `disk-full`."""

    def __init__(self, address: Address, clock: Clock) -> None:
        super().__init__(address, clock)
        assert isinstance(address, FileAddress)
        self.engine = FullDiskEngine(address.path, clock, self._wake)
