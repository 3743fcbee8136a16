"""The sandbox's own Rutter Link: the loader, the popup window and the hosted page (Rutter: Link)."""
