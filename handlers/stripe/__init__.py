"""Stripe: which of a sale's webhooks tells what, and in whose units."""
