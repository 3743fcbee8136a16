"""Adopting what is in the books already: reading it through Rutter, linking what is surely ours, listing the rest."""
