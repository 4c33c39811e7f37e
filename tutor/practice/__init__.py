"""Loopback stand-ins of GitHub, Google Drive and Kaggle, for rehearsal without an account and for the tests.

Each speaks the wire protocol of the parts that lessons use, to the field's own clients; only the address differs. They listen on 127.0.0.1,
ask for a token, and call everybody and everything in them practice, so that nobody takes them for the real ones.
"""
