"""The nouns: frozen, validated when built, and known to every room."""
