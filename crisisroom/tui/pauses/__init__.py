"""The pause list: what speaks for us by itself is made quiet, confirmed, and resumed."""
