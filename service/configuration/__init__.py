"""Connections, sources and mappings from one TOML file, secrets by reference only."""
