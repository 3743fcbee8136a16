"""The shell: web, console, Kafka, the trail's database, the Rutter client, settings, wiring, command line."""
