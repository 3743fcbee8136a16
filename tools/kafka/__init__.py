"""Apache Kafka 4 from Maven Central jars, in KRaft mode, one node or several, in a temporary directory.

From the shell: `python -m tools.kafka up --nodes 3`. From Python: `with apache_kafka(nodes=1) as broker:`.
"""

from tools.kafka.cluster import ApacheKafka, apache_kafka

__all__ = ["ApacheKafka", "apache_kafka"]
