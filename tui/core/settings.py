"""The user's settings: one table from which parsing, `config init` and the README are made.

A wrong value never stops the app: it is reported with its line and what was expected, and the
default for that value holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from tui.core.addresses import is_address
from tui.core.conversation import Parameters
from tui.core.setting_values import (
    WrongValueError,
    as_address,
    as_model,
    as_number,
    as_text,
    as_texts,
    as_variable,
    as_whole,
    as_yes_no,
)
from tui.core.toml_lines import Place, TomlLines
from tui.core.usage import ModelFacts

T = TypeVar("T")

OPENAI = "openai"
OPENAI_URL = "https://api.openai.com/v1"
LOCAL = "local"
DEMO = "demo"
RESERVED_ENDPOINTS = frozenset({LOCAL, DEMO})
MOST_TOKENS = 10_000_000  # of a reply


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that speaks OpenAI's protocol.

    Attributes:
        name: what stands before the slash in `name/model`.
        base_url: up to and including `/v1`; empty where the config has none that can be used.
        api_key_env: the environment variable that holds the key; empty: no key is needed.
        api_key_command: a command that prints the key; wins over the variable.
        models: its models; empty: its `/v1/models` is asked.
        timeout: seconds of silence after which a request is given up.
        facts: model id (or `*` for all) to what the user knows of it.
    """

    name: str
    base_url: str
    api_key_env: str = ""
    api_key_command: str = ""
    models: tuple[str, ...] = ()
    timeout: float = 120.0
    facts: Mapping[str, ModelFacts] = field(default_factory=dict)

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service, which differs in a few parameters."""
        return self.base_url.rstrip("/") == OPENAI_URL

    @property
    def key_variable(self) -> str:
        """`api_key_env`, as it may be shown while there is no such variable.

        A name in capitals is shown; any other may be the key itself, put into the wrong setting.
        """
        return self.api_key_env if self.api_key_env.isupper() else "what its api_key_env names"

    def facts_of(self, model: str) -> ModelFacts:
        """What the config says of `model`."""
        return self.facts.get(model, ModelFacts()).over(self.facts.get("*", ModelFacts()))


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """The model that runs on this machine.

    Attributes:
        model: path of a GGUF file; empty: SmolLM2-135M-Instruct.
        context_window: tokens.
        threads: at most one less than the cores; 0: that many, up to 4.
    """

    model: str = ""
    context_window: int = 4096
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the defaults that hold without a config file."""

    model: str = "gpt-4o"
    quick_models: tuple[str, ...] = ("gpt-4o", "gpt-4o-mini")
    system_prompt: str = ""
    parameters: Parameters = Parameters()
    endpoints: tuple[Endpoint, ...] = (Endpoint(OPENAI, OPENAI_URL, "OPENAI_API_KEY"),)
    local: LocalSettings = LocalSettings()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def endpoint(self, name: str) -> Endpoint | None:
        """The endpoint of that name."""
        return next((endpoint for endpoint in self.endpoints if endpoint.name == name), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """A value of the config that could not be used.

    Attributes:
        line: from 1; 0 when it could not be told.
        text: which value, and what was expected.
    """

    line: int
    text: str


def _endpoint_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", value):
        raise WrongValueError("a short name of letters, digits, - and _")
    if value in RESERVED_ENDPOINTS:
        raise WrongValueError(f"a name other than {', '.join(sorted(RESERVED_ENDPOINTS))}")
    return value


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: where it stands in the file, how it is read, and what it is for.

    Attributes:
        table: the table it stands in; empty for the top.
        example: its value in the commented file of `chinwag config init`, in TOML.
        doc: one line.
        private: what stands there is not repeated when it is wrong: it may be a key.
    """

    table: str
    key: str
    read: Callable[[object], T]
    example: str
    doc: str
    private: bool = False


SETTINGS: tuple[Setting[Any], ...] = (
    Setting("", "model", as_model, '"gpt-4o"', "what a new chat starts with"),
    Setting("", "quick_models", as_texts, '["gpt-4o", "gpt-4o-mini"]', "what /next steps through"),
    Setting("", "system_prompt", as_text, '""', "sent ahead of each chat that has none of its own"),
    Setting("parameters", "temperature", as_number(0, 2), "0.7", "0 to 2; sent only when set"),
    Setting("parameters", "max_tokens", as_whole(1, MOST_TOKENS), "1000", "the longest reply"),
    Setting("parameters", "stream", as_yes_no, "true", "false: replies come in one piece"),
    Setting("endpoints", "name", _endpoint_name, '"ollama"', "what stands before the slash"),
    Setting(
        "endpoints", "base_url", as_address, '"http://localhost:11434/v1"', "up to and with /v1"
    ),
    Setting(
        "endpoints",
        "api_key_env",
        as_variable,
        '""',
        "the variable that holds its key",
        private=True,
    ),
    Setting(
        "endpoints",
        "api_key_command",
        as_text,
        '""',
        'or a command: "pass show openrouter"',
        private=True,
    ),
    Setting("endpoints", "models", as_texts, "[]", "empty: ask the endpoint's /v1/models"),
    Setting(
        "endpoints", "timeout", as_number(1, 3600), "120", "seconds of silence before giving up"
    ),
    Setting("endpoints.facts", "context_window", as_whole(1, 100_000_000), "8192", "tokens"),
    Setting("endpoints.facts", "input_price", as_number(0, 1e6), "0.5", "USD per million tokens"),
    Setting("endpoints.facts", "output_price", as_number(0, 1e6), "1.5", "USD per million tokens"),
    Setting(
        "endpoints.facts", "cached_input_price", as_number(0, 1e6), "0.25", "USD per million tokens"
    ),
    Setting("local", "model", as_text, '""', "path of a GGUF file; empty: SmolLM2-135M-Instruct"),
    Setting("local", "context_window", as_whole(256, 1_000_000), "4096", "tokens"),
    Setting("local", "threads", as_whole(0, 256), "0", "0: one less than the cores, 4 at most"),
)
_TABLES = ("parameters", "endpoints", "local", "keys")


_PARAMETERS = {setting.key: setting for setting in SETTINGS if setting.table == "parameters"}
_WORDS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


def parameter_from(key: str, text: str) -> float | bool | None:
    """The value of the parameter `key` (of `[parameters]`) as a person wrote it.

    Returns:
        None for nothing written, or `default`: the default holds.

    Raises:
        ValueError: it can't be; its text says what was expected.
    """
    if key not in _PARAMETERS:
        raise ValueError(f"one of {', '.join(_PARAMETERS)}")
    text = text.strip().lower().replace(",", ".")
    if text in ("", "default"):
        return None
    value: object = _WORDS.get(text, text)
    for number in (int, float):
        if value is text:
            with suppress(ValueError):
                value = number(text)
    read: float | bool = _PARAMETERS[key].read(value)
    return read


_PASSWORD = re.compile(r"//[^/\s]*@")  # http://name:password@host


class _Reader:
    """Reads tables by `SETTINGS` and collects what is wrong in them."""

    def __init__(self, source: str) -> None:
        self._lines = TomlLines(source)
        self.problems: list[Problem] = []

    def report(self, place: Place, text: str) -> None:
        name = ".".join(part for part in place if isinstance(part, str))
        self.problems.append(Problem(self._lines.line(place), f"{name}: {text}"))

    def table(
        self, table: str, place: Place, values: object, also: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The usable values of `table`, which stands at `place`; `also` are read elsewhere."""
        if not isinstance(values, dict):
            self.report(place, "expected a table")
            return {}
        known = {setting.key: setting for setting in SETTINGS if setting.table == table}
        usable: dict[str, Any] = {}
        for key, value in values.items():
            if key in also:
                continue
            if key not in known:
                expected = ", ".join([*known, *also])
                self.report((*place, key), f"no such setting; expected one of {expected}")
                continue
            try:
                usable[key] = known[key].read(value)
            except WrongValueError as wrong:
                found = "" if known[key].private else f", not {_PASSWORD.sub('//…@', repr(value))}"
                self.report((*place, key), f"expected {wrong}{found}")
        return usable


def parse_settings(source: str) -> tuple[Settings, list[Problem]]:
    """Settings from the text of a config file, and what in it could not be used."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        what = str(error).split(" (at ")[0]
        last = source.count("\n") + 1  # where it is said to be "at end of document"
        return Settings(), [Problem(int(line[1]) if line else last, f"not valid TOML: {what}")]
    reader = _Reader(source)
    settings = Settings(**reader.table("", (), data, also=_TABLES))
    settings = replace(
        settings,
        parameters=Parameters(
            **reader.table("parameters", ("parameters",), data.get("parameters", {}))
        ),
        local=LocalSettings(**reader.table("local", ("local",), data.get("local", {}))),
        keys=_keys(reader, data.get("keys", {})),
        endpoints=_endpoints(reader, data.get("endpoints", []), settings.endpoints),
    )
    return settings, sorted(reader.problems, key=lambda problem: problem.line)


def _keys(reader: _Reader, values: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(values, dict):
        reader.report(("keys",), "expected a table")
        return {}
    keys: dict[str, tuple[str, ...]] = {}
    for action, value in values.items():
        if isinstance(value, str):
            keys[action] = tuple(key.strip() for key in value.split(",") if key.strip())
        else:
            reader.report(("keys", action), f'expected keys such as "ctrl+n,f3", not {value!r}')
    return keys


def _endpoints(
    reader: _Reader, values: object, defaults: tuple[Endpoint, ...]
) -> tuple[Endpoint, ...]:
    if not isinstance(values, list):
        reader.report(("endpoints",), "expected [[endpoints]] with two brackets")
        return defaults
    endpoints = {endpoint.name: endpoint for endpoint in defaults}
    for index, value in enumerate(values):
        place = ("endpoints", index)
        read = reader.table("endpoints", place, value, also=("facts",))
        given: dict[str, object] = value if isinstance(value, dict) else {}
        if "name" not in read:
            if isinstance(value, dict) and "name" not in value:  # else it is reported already
                reader.report((*place, "name"), "is missing")
            continue
        if "base_url" not in given and read["name"] not in endpoints:
            reader.report((*place, "base_url"), "is missing")
        if "base_url" not in read and ("base_url" in given or read["name"] not in endpoints):
            # One that can't be used keeps its name: what is meant for it must go nowhere else.
            read["base_url"] = ""
        # Nor does another key than the one that was meant go along.
        read |= dict.fromkeys({"api_key_env", "api_key_command"} & given.keys() - read.keys(), "")
        facts = _facts(reader, (*place, "facts"), value.get("facts", {}))
        before = endpoints.get(read["name"])
        endpoints[read["name"]] = (
            replace(before, **read, facts=facts) if before else Endpoint(**read, facts=facts)
        )
    return tuple(endpoints.values())


def _facts(reader: _Reader, place: Place, values: object) -> dict[str, ModelFacts]:
    if not isinstance(values, dict):
        reader.report(place, "expected a table for each model")
        return {}
    return {
        model: ModelFacts(**reader.table("endpoints.facts", (*place, model), facts))
        for model, facts in values.items()
    }


def with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """`settings` with `OPENAI_BASE_URL` in place, unless the config sets another address.

    A server of one's own seldom asks for a key: without `OPENAI_API_KEY` none is sent there. An
    address that can't be used leaves none: what is meant for it must go nowhere else.
    """
    base_url = environ.get("OPENAI_BASE_URL", "").strip().rstrip("/")
    first = settings.endpoints[0]
    if not base_url or first.base_url != OPENAI_URL:
        return settings
    moved = replace(first, base_url=base_url if is_address(base_url) else "")
    if not moved.is_openai and not environ.get(first.api_key_env):
        moved = replace(moved, api_key_env="")
    return replace(settings, endpoints=(moved, *settings.endpoints[1:]))


def commented_config(actions: Mapping[str, str]) -> str:
    """The file that `chinwag config init` writes: every setting, commented out, with its doc.

    Args:
        actions: action id to its default keys, for the `[keys]` table.
    """
    lines = [
        "# chinwag's settings. Take away a '# ' to change one; chinwag never rewrites this file."
    ]
    table = ""
    for setting in SETTINGS:
        if setting.table != table:
            table = setting.table
            header = {
                "endpoints": "[[endpoints]]",
                "endpoints.facts": '[endpoints.facts."llama3.2"]',
            }
            lines += ["", f"# {header.get(table, f'[{table}]')}"]
        lines.append(f"# {setting.key} = {setting.example}".ljust(44) + f"  # {setting.doc}")
    lines += ["", "# [keys]".ljust(44) + "  # action = keys, separated by commas"]
    lines += [f'# {action} = "{keys}"' for action, keys in actions.items()]
    return "\n".join(lines) + "\n"
