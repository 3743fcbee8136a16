"""Setting a connection up: what is proposed from the books' own lists, what a person says to it, what comes of it."""
