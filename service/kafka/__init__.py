"""Kafka: the log that carries deliveries, the inbox that reads it, and what we tell others."""
