"""From due event to document: who may write (lease), what (plan), and how a write is carried to its proof."""
