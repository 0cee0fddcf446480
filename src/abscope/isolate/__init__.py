"""What is in this tube? One genome."""
