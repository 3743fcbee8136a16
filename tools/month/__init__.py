"""A month of mixed events on one platform through the real service, audited against an independent reckoning."""
