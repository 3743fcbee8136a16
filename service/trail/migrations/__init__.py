"""Migrations of the trail's schema, each good with the version of the program before it: expand, then contract."""
