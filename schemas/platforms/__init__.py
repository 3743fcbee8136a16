"""What each accounting platform can do through Rutter, as data: one file a platform, every entry with its source."""
