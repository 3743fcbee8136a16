"""The scaled set-up, proved: a day through Apache Kafka and PostgreSQL with two web and two worker processes.

One worker is killed while a write of its is sent and unanswered; afterwards the books are audited, the day is replayed,
and the trail is rebuilt from its archive against empty books. `python -m tools.scaled_day`.
"""
