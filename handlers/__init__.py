"""From delivery to event: one file for each kind of source. Pure."""
