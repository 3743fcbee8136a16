"""What becomes of facts that change a sale after it was told."""
