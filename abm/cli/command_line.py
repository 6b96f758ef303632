"""The command that a user typed, as pages and manifests print it: whole, and ready to be pasted into a shell."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import typer

from abm.experiment.config import Experiment, load_experiment

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


def experiment_of(context: typer.Context, config: Path, overrides: Sequence[str] | None) -> Experiment:
    """Return the experiment of a config file, with the command that asked for it.

    Parameters
    ----------
    context : typer.Context
        Of the command.
    config : Path
    overrides : sequence of str, optional
        Values of ``--set``.

    Raises
    ------
    InputError
    """
    return replace(load_experiment(config, tuple(overrides or ())), command=command_line(context))
