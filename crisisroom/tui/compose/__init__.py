"""The screens on which the organisation's words are written, approved and let out."""
