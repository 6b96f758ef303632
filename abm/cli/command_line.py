"""The command that a user typed, as pages and manifests print it: whole, and ready to be pasted into a shell."""

import shlex
from typing import Final

import typer

_NO_MATTER: Final = {"out", "workers", "csv", "cluster", "quiet"}  # options that change no number


def command_line(context: typer.Context) -> str:
    """Return the command with every option that matters to its results, quoted for a shell.

    Parameters
    ----------
    context : typer.Context
        Of the command.
    """
    words = ["abm"]
    for plugin in (context.parent.params.get("plugin") if context.parent else None) or ():
        words += ["--plugin", str(plugin)]
    words.append(str(context.command.name))
    for parameter in context.command.params:
        value = context.params.get(str(parameter.name))
        if parameter.name in _NO_MATTER or value is None or value == parameter.default:
            continue
        if parameter.param_type_name == "argument":
            words.append(str(value))
        elif value is True:
            words.append(parameter.opts[0])
        else:
            for each in value if isinstance(value, list | tuple) else [value]:
                words += [parameter.opts[0], str(each)]
    return shlex.join(words)
