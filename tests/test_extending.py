"""One idea, one file: what CONTRIBUTING.md and docs/networks.md show is written outside the package, loaded and run."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from abm import load_plugin
from abm.base.errors import InputError
from abm.experiment.config import load_experiment

ROOT = Path(__file__).parents[1]
MOST_LINES = 30
PAGES = {"random_tree.py": "docs/networks.md"}  # the others are in CONTRIBUTING.md
FILES = ("buzz.py", "privacy.py", "coupons.py", "random_tree.py", "baskets_per_buyer.py", "denmark.toml")


def text_of(file: str) -> str:
    """Return a file as the documentation shows it: a fenced block that begins with its name, or the page's only one."""
    page = (ROOT / PAGES.get(file, "CONTRIBUTING.md")).read_text(encoding="utf-8")
    blocks = [block.strip() + "\n" for block in re.findall(r"```(?:python|toml)\n(.*?)```", page, re.DOTALL)]
    if file in PAGES:
        return next(block for block in blocks if file.removesuffix(".py") in block)
    first = f"# {file}\n"
    return next(block.removeprefix(first) for block in blocks if block.startswith(first))


def written(folder: Path, file: str, text: str | None = None) -> Path:
    """Write a file of the documentation, or another text, into a folder."""
    path = folder / file
    path.write_text(text or text_of(file), encoding="utf-8")
    return path


def in_process(*arguments: str) -> str:
    """Run Python with arguments and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | {"COLUMNS": "200"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that loads a plugin in a process of its own and says where it was found."""
    folder = tmp_path_factory.mktemp("plugins")

    @cache
    def probed(file: str) -> dict[str, Any]:
        path = written(folder, file)
        return json.loads(in_process("-m", "tests.extending_probe", str(path), path.stem))

    return probed


@pytest.mark.parametrize("file", FILES)
def test_at_most_thirty_lines(file: str) -> None:
    assert len(text_of(file).splitlines()) <= MOST_LINES


COMPILED = ("buzz.py", "privacy.py")  # the week is compiled anew, which takes half a minute


@pytest.mark.parametrize("file", [pytest.param(f, marks=pytest.mark.slow if f in COMPILED else ()) for f in FILES])
def test_the_compiled_week_equals_the_plain_one(probe: Any, file: str) -> None:
    found = probe(file)
    assert found["is_compiled"]
    assert found["same"]
    assert found["matters"] == (file not in ("baskets_per_buyer.py",))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["buzz", "privacy"])
def test_a_mechanism_is_found(probe: Any, name: str) -> None:
    found = probe(f"{name}.py")
    assert name in json.loads(found["schema"])["$defs"]["Market"]["properties"]
    assert f"`{name}." in found["table"]
    assert name in found["groups"]
    assert name in found["differs"]
    assert name in found["sliders"]


@pytest.mark.slow
def test_state_is_declared_once(probe: Any) -> None:
    found = probe("privacy.py")
    assert "mean_worry" in found["columns"]
    assert found["mean_worry"] == pytest.approx(found["worry"])
    assert 0 < found["worry"] < 0.5
    assert found["bytes"] >= probe("buzz.py")["bytes"] + 2 * 700


def test_a_lever_is_found(probe: Any) -> None:
    found = probe("coupons.py")
    assert '"coupons"' in found["schema"]
    assert found["ledger"] > 0


def test_a_network_family_is_found(probe: Any) -> None:
    assert "random_tree" in probe("random_tree.py")["schema"]


def test_an_outcome_is_found(probe: Any) -> None:
    assert "baskets_per_buyer" in probe("baskets_per_buyer.py")["columns"]


def test_a_market_is_found(probe: Any) -> None:
    assert "denmark" in probe("denmark.toml")["profiles"]


def test_the_help_of_every_command_lists_what_is_registered(tmp_path: Path) -> None:
    options = [part for file in FILES for part in ("--plugin", str(written(tmp_path, file)))]
    text = in_process("-c", "from abm.cli.app import main; main()", *options, "run", "--help")
    for name in ("buzz", "privacy", "coupons", "random_tree", "baskets_per_buyer", "denmark"):
        assert name in text


@pytest.mark.slow
def test_a_config_names_its_plugins(tmp_path: Path) -> None:
    """The whole way, with worker processes: results, their key and the manifest."""
    for file in FILES:
        written(tmp_path, file)
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    config = next(block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "plugins = [" in block)
    small = (
        config.replace("10_000", "300").replace("104", "6") + 'network.family = "random_tree"\nprivacy.weight = 1.0\n'
    )
    written(tmp_path, "config.toml", small)
    script = f"""
from abm import load, run
from abm.experiment.plugins import plugin_hashes
results = run({str(tmp_path / "config.toml")!r}, out={str(tmp_path / "out")!r}, workers=2, overrides=["replicates=3"])
print(sorted(set(["mean_worry", "baskets_per_buyer"]) & set(results.table.columns)), len(plugin_hashes()))
print(len(results.manifest["plugins"]), results.manifest["runs"][0])
"""
    columns, manifest = in_process("-c", script).splitlines()
    assert columns == "['baskets_per_buyer', 'mean_worry'] 6"
    assert manifest.startswith("6 baseline-r0000-")
    changed = text_of("buzz.py").replace("Pull of a shop", "Attraction of a shop")
    written(tmp_path, "buzz.py", changed)
    assert in_process("-c", script).splitlines()[1] != manifest


PRIVACY = text_of("privacy.py")


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("person.worry\n\ndef relieve", "person.wory\n\ndef relieve", ["line", "utility of mechanism privacy", "wory"]),
        ("-params.weight *", "-0.5 * params.weight *", ["utility", "must return a whole number, returns float64"]),
        ('"worry", np.uint16', '"trust", np.uint16', ["privacy.columns", "trust", "already"]),
        ("import numpy as np", "import numpyy as np", ["line 4", "ModuleNotFoundError"]),
        ("def step(self)", "def next_step(self)", ["privacy.step", "NamedTuple"]),
        ('@mechanism("privacy"', '@mechanism("habit"', ["habit", "there is a mechanism of this name already"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plugin_is_said_in_one_line(
    tmp_path: Path, wrong: str, right: str, words: list[str]
) -> None:
    assert wrong in PRIVACY
    file = written(tmp_path, "wrong.py", PRIVACY.replace(wrong, right))
    with pytest.raises(InputError) as caught:
        load_plugin(file)
    first = str(caught.value.problems[0])
    assert all(word in first for word in [*words, "wrong.py"]), first
    assert "\n" not in first


def test_a_plugin_that_is_not_there(tmp_path: Path) -> None:
    config = 'name = "x"\nweeks = 2\nplugins = ["none.py"]\n[markets.a]\nconsumers = 10\n'
    with pytest.raises(InputError, match=r"none.py.*no such file"):
        load_experiment(written(tmp_path, "config.toml", config))
