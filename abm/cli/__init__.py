"""The ``abm`` command and what it prints."""
