"""The playbook's vocabulary explained: one page for people, a JSON Schema for editors."""
