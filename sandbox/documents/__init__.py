"""One file for each type of object: its required fields, what the platform refuses, and what it does to the books."""
