"""Afterwards, and for whoever joins: the review, corrective actions, the programme, the brief."""
