"""Settings: a good file is read whole; a wrong value is named with its line, nothing else fails."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.conversation import Parameters
from tui.core.models import ModelRef, parse_model
from tui.core.settings import (
    SETTINGS,
    Endpoint,
    LocalSettings,
    Problem,
    Settings,
    commented_config,
    parse_settings,
    with_environment,
)
from tui.core.usage import ModelFacts

OPENAI = Endpoint("openai", "https://api.openai.com/v1", "OPENAI_API_KEY")

GOOD = """\
model = "ollama/llama3.2"
quick_models = ["gpt-4o", "o3"]
system_prompt = '''
Be brief.
'''

[parameters]
temperature = 1
max_tokens = 1000
stream = false

[[endpoints]]
name = "ollama"
base_url = "http://localhost:11434/v1/"
models = ["llama3.2"]
timeout = 600

[endpoints.facts."llama3.2"]
context_window = 8192

[endpoints.facts."*"]
input_price = 0
output_price = 0.0

[[endpoints]]
name = "router"
base_url = "https://openrouter.ai/api/v1"
api_key_command = "pass show openrouter"

[local]
model = "~/models/qwen.gguf"
context_window = 8192
threads = 2

[keys]
new_chat = "ctrl+n, f3"
quit = ""
"""


def test_without_a_file_there_are_defaults() -> None:
    assert parse_settings("") == (Settings(), [])
    assert Settings().endpoints == (OPENAI,)
    assert Settings().endpoint("openai") == OPENAI
    assert Settings().endpoint("nowhere") is None


def test_a_good_file_is_read_whole() -> None:
    settings, problems = parse_settings(GOOD)
    assert problems == []
    assert settings == Settings(
        model="ollama/llama3.2",
        quick_models=("gpt-4o", "o3"),
        system_prompt="Be brief.\n",
        parameters=Parameters(1.0, 1000, False),
        endpoints=(
            OPENAI,
            Endpoint(
                "ollama",
                "http://localhost:11434/v1",
                models=("llama3.2",),
                timeout=600.0,
                facts={
                    "llama3.2": ModelFacts(context_window=8192),
                    "*": ModelFacts(input_price=0.0, output_price=0.0),
                },
            ),
            Endpoint(
                "router",
                "https://openrouter.ai/api/v1",
                api_key_command="pass show openrouter",
            ),
        ),
        local=LocalSettings("~/models/qwen.gguf", 8192, 2),
        keys={"new_chat": ("ctrl+n", "f3"), "quit": ()},
    )


def test_facts_of_all_models_stand_behind_those_of_one() -> None:
    settings, _ = parse_settings(GOOD)
    ollama = settings.endpoint("ollama")
    assert ollama is not None
    assert ollama.facts_of("llama3.2") == ModelFacts(8192, 0.0, 0.0)
    assert ollama.facts_of("other") == ModelFacts(None, 0.0, 0.0)


def test_openai_itself_can_be_adjusted() -> None:
    settings, problems = parse_settings('[[endpoints]]\nname = "openai"\ntimeout = 30\n')
    assert problems == []
    (endpoint,) = settings.endpoints
    assert endpoint == Endpoint(
        "openai", "https://api.openai.com/v1", "OPENAI_API_KEY", timeout=30.0
    )
    assert endpoint.is_openai


ENDPOINT = '[[endpoints]]\nname = "a"\nbase_url = "http://a/v1"\n'
LONG_TEXT = "system_prompt = '''\n[parameters]\ntemperature = 1\n'''\n"
FACTS = f"{ENDPOINT}[endpoints.facts.x]\ninput_price = 1\n"


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("model = 4", 1, "model: expected a model"),
        ('\nmodel = " "', 2, "model: expected a model"),
        ('quick_models = "gpt-4o"', 1, "quick_models: expected a list of texts"),
        ("quick_models = [1]", 1, "quick_models: expected a list of texts"),
        ("system_prompt = true", 1, "system_prompt: expected a text in quotes, not True"),
        ("modle = 'x'", 1, "modle: no such setting; expected one of model, quick_models"),
        ("[paramters]\ntemperature = 1", 1, "paramters: no such setting"),
        ("[parameters]\ntemperature = 3", 2, "parameters.temperature: expected a number from 0"),
        ("[parameters]\ntemperature = true", 2, "parameters.temperature: expected a number"),
        ("[parameters]\ntemperature = nan", 2, "parameters.temperature: expected a number"),
        ("[parameters]\nmax_tokens = 0", 2, "parameters.max_tokens: expected a whole number"),
        ("[parameters]\nmax_tokens = 1.5", 2, "parameters.max_tokens: expected a whole number"),
        ("[parameters]\n\nstream = 'no'", 3, "parameters.stream: expected true or false"),
        ("parameters = 1", 1, "parameters: expected a table"),
        ("[local]\nthreads = -1", 2, "local.threads: expected a whole number from 0 to 256"),
        ("[keys]\nquit = 1", 2, "keys.quit: expected keys"),
        ("keys = 1", 1, "keys: expected a table"),
        ("[endpoints]\nname = 'a'", 1, "endpoints: expected [[endpoints]]"),
        ("endpoints = [1]", 1, "endpoints: expected a table"),
        ("[[endpoints]]\nbase_url = 'http://a'", 1, "endpoints.name: is missing"),
        ("[[endpoints]]\nname = 'a'", 1, "endpoints.base_url: is missing"),
        (f"{ENDPOINT}\n[[endpoints]]\nname = 'b'", 5, "endpoints.base_url: is missing"),
        ("[[endpoints]]\nname = 'a b'\nbase_url = 'http://a'", 2, "endpoints.name: expected"),
        ("[[endpoints]]\nname = 'demo'\nbase_url = 'http://a'", 2, "endpoints.name: expected"),
        ("[[endpoints]]\nname = 'a'\nbase_url = 'a:80'", 3, "endpoints.base_url: expected"),
        (
            "[[endpoints]]\nname = 'a'\nbase_url = 'http://me:pw@a'",
            3,
            "endpoints.base_url: expected",
        ),
        (f"{ENDPOINT}timeout = 0", 4, "endpoints.timeout: expected a number from 1 to 3600"),
        (f"{ENDPOINT}{ENDPOINT}api_key_env = 1", 7, "endpoints.api_key_env: expected a text"),
        (f"{ENDPOINT}api_key_env = 'sk-1'", 4, "endpoints.api_key_env: expected the name of a"),
        ("[[endpoints]]\nname = 'a'\nbase_url = 'http://[::1:80/v1'", 3, "endpoints.base_url: exp"),
        ("[[endpoints]]\nname = 'a'\nbase_url = 'http://a:port/v1'", 3, "endpoints.base_url: exp"),
        (f"{ENDPOINT}key = 'sk'", 4, "endpoints.key: no such setting"),
        (f"{ENDPOINT}facts = 1", 4, "endpoints.facts: expected a table for each model"),
        (
            f"{ENDPOINT}[endpoints.facts.x]\ncontext_window = 0",
            5,
            "endpoints.facts.x.context_window: expected a whole number",
        ),
        (
            f"{FACTS}[endpoints.facts.'y.z']\ninput_price = '1'",
            7,
            "endpoints.facts.y.z.input_price: expected a number",
        ),
        (
            f"{FACTS}{ENDPOINT}[endpoints.facts.x]\ninput_price = -1",
            10,
            "endpoints.facts.x.input_price: expected a number",
        ),
        # A key of the same name elsewhere is not mistaken for it.
        ("[local]\nmodel = 'x'\n[[endpoints]]\nmodel = 'x'", 4, "endpoints.model: no such setting"),
        (
            f"{ENDPOINT}[endpoints.facts.x]\ncontext_window = 1\n[local]\ncontext_window = 1",
            7,
            "local.context_window: expected a whole number",
        ),
        # Written in other ways that TOML knows.
        ("parameters.temperature = 3", 1, "parameters.temperature: expected a number"),
        ("parameters = { temperature = 3 }", 1, "parameters.temperature: expected a number"),
        ("['parameters'] # mine\n 'temperature' = 3", 2, "parameters.temperature: expected"),
        (
            f"{ENDPOINT}facts.x.input_price = 1\n\nfacts.x.output_price = -1",
            6,
            "endpoints.facts.x.output_price: expected a number",
        ),
        (
            f"{ENDPOINT}[endpoints.facts]\nx = {{ input_price = -1 }}",
            5,
            "endpoints.facts.x.input_price: expected a number",
        ),
        (
            f"{LONG_TEXT}[parameters]\ntemperature = 3",
            6,
            "parameters.temperature: expected a number",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line(source: str, line: int, text: str) -> None:
    _, problems = parse_settings(source)
    assert any(problem.line == line and problem.text.startswith(text) for problem in problems), (
        problems
    )


def test_a_wrong_value_takes_nothing_else_with_it() -> None:
    settings, problems = parse_settings(
        'model = 4\nsystem_prompt = "Be brief."\n[parameters]\ntemperature = 9\nmax_tokens = 10\n'
        f"{ENDPOINT}timeout = 0\n"
    )
    assert [problem.line for problem in problems] == [1, 4, 9]
    assert settings.model == Settings().model
    assert settings.system_prompt == "Be brief."
    assert settings.parameters == Parameters(max_tokens=10)
    assert settings.endpoints == (OPENAI, Endpoint("a", "http://a/v1"))


@pytest.mark.parametrize(
    ("source", "line"), [("model = ", 1), ("a = 1\nb", 2), ('\n\nmodel = "x', 3)]
)
def test_what_is_not_toml_is_one_problem(source: str, line: int) -> None:
    settings, (problem,) = parse_settings(source)
    assert settings == Settings()
    assert problem.line == line
    assert problem.text.startswith("not valid TOML: ")


def test_a_password_is_not_repeated() -> None:
    _, (problem,) = parse_settings(ENDPOINT.replace("http://a/", "http://me:secret@a/"))
    assert "//…@a/v1" in problem.text
    assert "secret" not in problem.text


@pytest.mark.parametrize("setting", ["api_key_env", "api_key_command"])
@pytest.mark.parametrize("value", ['"sk-or-v1-0123"', '["sk-or-v1-0123"]', "{ key = 'sk-or-v1' }"])
def test_a_key_in_the_wrong_setting_is_not_repeated(setting: str, value: str) -> None:
    _, problems = parse_settings(f"{ENDPOINT}{setting} = {value}\n")
    assert "sk-or-v1" not in str(problems)
    assert all(f"{setting}: expected" in problem.text for problem in problems)


def test_in_the_place_of_a_key_that_cannot_be_used_goes_no_other() -> None:
    settings, (problem,) = parse_settings(
        '[[endpoints]]\nname = "openai"\nbase_url = "http://a/v1"\napi_key_env = "sk-or-v1-0123"\n'
    )
    assert problem.line == 4
    assert settings.endpoints == (Endpoint("openai", "http://a/v1"),)


@given(st.text())
def test_no_file_stops_the_app(source: str) -> None:
    settings, problems = parse_settings(source)
    assert isinstance(settings, Settings)
    assert all(isinstance(problem, Problem) for problem in problems)


class TestEnvironment:
    def test_an_address_in_the_environment_replaces_openais(self) -> None:
        environ = {"OPENAI_BASE_URL": " http://here:80/v1/ ", "OPENAI_API_KEY": "sk-any"}
        (endpoint,) = with_environment(Settings(), environ).endpoints
        assert endpoint == Endpoint("openai", "http://here:80/v1", "OPENAI_API_KEY")
        assert not endpoint.is_openai

    def test_a_server_of_ones_own_needs_no_key(self) -> None:
        environ = {"OPENAI_BASE_URL": "http://here:80/v1"}
        (endpoint,) = with_environment(Settings(), environ).endpoints
        assert endpoint.api_key_env == ""
        environ = {"OPENAI_BASE_URL": OPENAI.base_url}
        assert with_environment(Settings(), environ).endpoints == (OPENAI,)

    @pytest.mark.parametrize("environ", [{}, {"OPENAI_BASE_URL": "  "}])
    def test_without_one_nothing_changes(self, environ: dict[str, str]) -> None:
        assert with_environment(Settings(), environ) == Settings()

    @pytest.mark.parametrize("address", ["http://[::1:80/v1", "here:80/v1", "http://here:x/v1"])
    def test_one_that_cannot_be_used_leaves_no_address(self, address: str) -> None:
        """Or what is meant for a server of one's own would go to OpenAI."""
        (endpoint,) = with_environment(Settings(), {"OPENAI_BASE_URL": address}).endpoints
        assert endpoint == Endpoint("openai", "")

    def test_the_config_stands_before_it(self) -> None:
        settings, _ = parse_settings(
            '[[endpoints]]\nname = "openai"\nbase_url = "http://mine/v1"\n'
        )
        assert with_environment(settings, {"OPENAI_BASE_URL": "http://other/v1"}) == settings


KEYS = {"new_chat": "ctrl+n", "quit": "ctrl+q,f10"}


class TestCommentedConfig:
    def test_as_it_is_it_changes_nothing(self) -> None:
        assert parse_settings(commented_config(KEYS)) == (Settings(), [])

    def test_with_every_comment_taken_off_it_reads_cleanly(self) -> None:
        lines = commented_config(KEYS).splitlines()
        uncommented = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines]
        settings, problems = parse_settings("\n".join(uncommented))
        assert problems == []
        assert settings.keys == {"new_chat": ("ctrl+n",), "quit": ("ctrl+q", "f10")}
        assert settings.parameters == Parameters(0.7, 1000, True)
        ollama = settings.endpoint("ollama")
        assert ollama is not None
        assert ollama.facts == {"llama3.2": ModelFacts(8192, 0.5, 1.5, 0.25)}

    def test_every_setting_is_in_it_with_its_doc(self) -> None:
        text = commented_config(KEYS)
        for setting in SETTINGS:
            assert f"# {setting.key} = {setting.example}" in text
            assert f"# {setting.doc}" in text

    def test_its_examples_are_the_defaults_where_there_are_any(self) -> None:
        lines = commented_config({}).splitlines()
        uncommented = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines]
        settings, _ = parse_settings("\n".join(uncommented))
        defaults = Settings()
        assert settings.model == defaults.model
        assert settings.quick_models == defaults.quick_models
        assert settings.system_prompt == defaults.system_prompt
        assert settings.local == defaults.local


def test_an_endpoint_that_cannot_be_used_keeps_its_name_and_has_no_address() -> None:
    """Or what is meant for it would go to the first endpoint, by a model named `two/gpt-4o`."""
    settings, problems = parse_settings('[[endpoints]]\nname = "two"\nbase_url = "127.0.0.1:1"\n')
    assert [problem.line for problem in problems] == [3]
    assert settings.endpoint("two") == Endpoint("two", "")
    assert parse_model("two/gpt-4o", settings.endpoints) == ModelRef("two", "gpt-4o")


def test_a_wrong_address_of_a_known_endpoint_does_not_leave_the_old_one() -> None:
    settings, _ = parse_settings('[[endpoints]]\nname = "openai"\nbase_url = "my.proxy/v1"\n')
    assert settings.endpoints[0].base_url == ""
