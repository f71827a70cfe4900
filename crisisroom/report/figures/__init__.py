"""What the figures of an incident are made of: moments, spans and counts, each with its entries.

Everything is found in one pass over the log, at the times that entries are now said to have.
"""
