"""One answer to a story: the list of its people, looked through, sent, stopped."""
