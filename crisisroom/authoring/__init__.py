"""Writing playbooks with people: a first one from a few answers, and what they have already."""
