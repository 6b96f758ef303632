"""What is known exactly about special cases of the model."""
