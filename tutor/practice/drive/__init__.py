"""The stand-in for Google: Drive's API v3, and the token answers of Google's sign-in.

Held to the description of the service that ships with Google's client: names, types and defaults are those. Google's pages are not imitated:
where a person would be asked, the answer comes at once.
"""
