"""What is measured, and the ceilings, each a program of its own that says on standard output when it is ready."""
