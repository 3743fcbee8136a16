"""A stand-in for Rutter's API with real double-entry books. Shares no code with the rest."""
