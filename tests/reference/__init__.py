"""The model once more: plain Python, one consumer at a time, nothing shared with the compiled week.

It is slow and meant to be read beside docs/model.md. ``reference.week.run`` is the whole model.
"""
