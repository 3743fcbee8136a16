"""Files to keep with invoices: fetched from the address an event names, or given, and kept sealed in the trail.

An address comes from outside, so fetching it trusts nothing: where it leads is looked at after every redirect, and what
arrives is what its first bytes say, whatever it is called.
"""
