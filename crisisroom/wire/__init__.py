"""What comes over the wire, judged without input or output of its own."""
