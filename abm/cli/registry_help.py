"""Help of a command that ends with what can be named in a config: mechanisms, levers, networks, outcomes, markets."""

from typing import Any

from typer.core import TyperCommand

from abm.cli.loading import loading


class RegistryHelp(TyperCommand):
    """A command whose ``--help`` lists what is registered, plugins included."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the names of all registered ideas."""
        with loading():
            from abm.engine.outcomes import OUTCOMES
            from abm.experiment.plugins import load_installed
            from abm.levers import LEVERS
            from abm.markets.profile import PROFILES
            from abm.mechanisms import MECHANISMS
            from abm.networks import FAMILIES

        load_installed()
        formatter.write_paragraph()
        with formatter.section("What configs can name"):
            rows = [
                (registry.kind, ", ".join(registry)) for registry in (MECHANISMS, LEVERS, FAMILIES, OUTCOMES, PROFILES)
            ]
            formatter.write_dl(rows)
