"""What becomes of facts that add to the books beside sales: files, accounts, items."""
