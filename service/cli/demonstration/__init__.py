"""The demo: a day's webhooks through the real path, against the sandbox, audited by a witness that shares no code."""
