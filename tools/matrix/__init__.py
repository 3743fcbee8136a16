"""The five steps by eight platforms, each cell told by what is in the books of the sandbox playing that platform."""
