"""How much each channel of a group matters, for pruning during `fit`."""
