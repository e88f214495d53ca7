"""How fast the program is: see `__main__`."""
