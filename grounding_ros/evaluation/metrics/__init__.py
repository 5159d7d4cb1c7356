"""What an answer is worth, and many of them."""
