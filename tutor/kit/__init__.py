"""What lesson code may import, in whichever runtime it runs. Standard library (and torch) only, Python 3.10 to 3.14."""
