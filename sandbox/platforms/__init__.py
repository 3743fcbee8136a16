"""What each accounting platform is like: one file of data a platform, and the questions that are asked of it.

From Rutter's published pages alone, and from nothing of the service's: two readings of the same pages check each other.
"""
