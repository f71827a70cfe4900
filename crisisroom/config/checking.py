"""One pass over a configuration: what its parts may refer to."""

from __future__ import annotations

from crisisroom.config.settings import Config
from crisisroom.config.terms import terms_of
from crisisroom.core.crossref import Crossref
from crisisroom.core.problems import Report
from crisisroom.core.yamltext import Node


class Check(Crossref):
    """The things of a configuration by their ids, beside the nodes they came from."""

    def __init__(self, config: Config, root: Node, report: Report) -> None:
        super().__init__(root, report)
        self.accounts = {account.id: account for account in config.accounts}
        self.team = {member.id: member for member in config.team}
        self.terms = {term.id: term for term in terms_of(config)}
