"""What people may ask for: a right is a file, and a line of the registry."""
