"""Noticing what others do to our documents in the books: read again when told, searched for when nobody told."""
