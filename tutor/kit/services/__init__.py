"""The official clients of GitHub, Google Drive and Kaggle, signed in; and transfers with them that survive a bad network.

    from tutor.kit.services import drive, github, kaggle

Who you are, and at which address the service is, stands in environment variables, which tutor sets for the steps that need them: nothing
here asks for a token, prints one or keeps one.
"""

from __future__ import annotations

from tutor.kit.services.clients import drive, github, kaggle

__all__ = ["drive", "github", "kaggle"]
