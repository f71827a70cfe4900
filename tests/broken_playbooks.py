"""Every broken playbook there is: what the proofs and the measurements take."""

from __future__ import annotations

from slips_of_reference import REFERENCES
from slips_of_rules import RULES
from slips_of_values import VALUES

SLIPS = [*VALUES, *REFERENCES, *RULES]
