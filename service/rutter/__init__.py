"""The Rutter client: every reply becomes exactly one Outcome, and no token leaves these rooms in a text."""
