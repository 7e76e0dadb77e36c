"""The correction loop: open findings, oldest first, and what people agree about them."""
