"""The pure core: values and rules, no input or output, no clock of its own."""
