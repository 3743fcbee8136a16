"""Connecting a merchant's books: through Rutter Link on our page or by a link to send, and the life that follows."""
