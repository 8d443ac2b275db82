"""What people may ask of us, over everything that holds something about them: so far, that it goes."""
