"""One file per group of commands; a new command goes here and into the list in ``abm.cli.app``.

A command's own file imports only what ``abm --help`` needs; everything heavy is imported inside the command, within
``loading()``.
"""
