"""Early warnings on screens of their own: the list, one of them with its chart, the decision."""
