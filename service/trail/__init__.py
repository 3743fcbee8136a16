"""The trail: our record of deliveries, events, due work, writes, outcomes and links. `database.open_trail` opens it.

Every operation is a plain function of a database connection, in a module named after its noun; `ports` adapts them to
what the consumers declare.
"""
