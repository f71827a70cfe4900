"""What we owe people one by one: promises in replies, and talks that went on in private."""
