"""The real parts that tests, benches and the scaled demo start: a Kafka broker and a PostgreSQL server.

A part is started by us, on 127.0.0.1, in a temporary directory, and addressed by its own process id only.
"""
