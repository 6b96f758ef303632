"""What all tests share."""

import os

from hypothesis import settings

# The same examples every time: a test that fails does so for everyone.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
