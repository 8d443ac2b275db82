"""The walk through the API: who gets what of every field. `matrix.txt` says what is right, the server what is so."""
