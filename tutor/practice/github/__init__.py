"""A stand-in of GitHub: real bare repositories on disk, GitHub's REST API over them, and git's own protocol.

`repository` is git and knows no HTTP; `tokens` who may do what; `shapes` how things look in JSON; the other modules answer requests, each for
one part of the API.
"""
