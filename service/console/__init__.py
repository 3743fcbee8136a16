"""The admin listener: the console for people, the API for programs, metrics and readiness."""
