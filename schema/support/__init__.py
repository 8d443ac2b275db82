"""Support over the API: for whoever writes, and for whoever answers."""
