"""The public listener: webhooks in."""
