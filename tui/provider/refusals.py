"""What a server says when it refuses, in our kinds and the user's words.

Pure: a status, headers and a body make a `ChatError`. Servers that speak OpenAI's protocol word
their errors in many ways, so codes are read first and the message where there is none. Sources:
platform.openai.com/docs/guides/error-codes, and the errors of vLLM, llama.cpp, Ollama, Mistral,
Groq, OpenRouter and Gemini.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tui.core.addresses import host_of, path_of
from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.core.settings import Endpoint
from tui.provider.keys import NO_KEY, Key
from tui.provider.wire import MAX_COMPLETION_TOKENS, MAX_TOKENS, Rejection

LONGEST_QUOTE = 300  # characters of a server's own words


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom, for the words of an error."""

    endpoint: Endpoint
    model: str = ""
    key: Key = NO_KEY

    @property
    def name(self) -> str:
        """The server as the user knows it."""
        return "OpenAI" if self.endpoint.is_openai else shown_line(self.endpoint.name)

    @property
    def host(self) -> str:
        """Its host and port, without anything secret that an address may hold."""
        return host_of(self.endpoint.base_url)

    def error(
        self,
        kind: ErrorKind,
        text: str,
        *,
        retry_after: float | None = None,
        lasting: bool = False,
        request_id: str | None = None,
    ) -> ChatError:
        """A `ChatError` whose text cannot hold the key."""
        return ChatError(
            kind,
            self.key.scrub(text),
            retry_after=retry_after,
            lasting=lasting,
            request_id=request_id,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as a server told it; what it did not tell is empty.

    Attributes:
        status: of HTTP, also where it comes as the code of an error within a stream; 0: none.
        codes: the words for machines (`code` and `type`), in lower case.
        headers: names in lower case.
    """

    status: int = 0
    message: str = ""
    codes: frozenset[str] = frozenset()
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def told(status: int, body: object, headers: Mapping[str, str] | None = None) -> Refusal:
    """The refusal in a body of any form: OpenAI's, FastAPI's, a bare text or a page."""
    error = body.get("error") or body if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return Refusal(status, _message(error), headers=headers or {})
    code = error.get("code")
    if not status and isinstance(code, int) and 300 <= code < 600:
        status = code
    codes = {value.lower() for value in (code, error.get("type")) if isinstance(value, str)}
    param = error.get("param")
    return Refusal(
        status,
        _message(error.get("message") or error.get("detail")),
        frozenset(codes),
        param if isinstance(param, str) else "",
        headers or {},
    )


def _message(value: object) -> str:
    if isinstance(value, list):  # FastAPI: one entry for each wrong field
        entries = (entry for entry in value if isinstance(entry, dict))
        return "; ".join(
            f"{'.'.join(map(str, entry.get('loc') or ()))}: {entry.get('msg')}" for entry in entries
        )
    if not isinstance(value, str) or value.lstrip().startswith("<"):
        return ""  # a web page helps nobody
    return value


# --- which parameter ------------------------------------------------------------------------

_PARAMETERS = (MAX_COMPLETION_TOKENS, MAX_TOKENS, "temperature", "stream_options", "stream")
_AGAINST = re.compile(
    r"support|recogni|unknown|unexpected|permitted|not allowed|invalid|too large|at most|at least"
    r"|must be|less than|greater than|exceed|extra|forbidden|deprecated",
    re.IGNORECASE,
)
# The name itself is unknown, not only its value refused.
_UNKNOWN = re.compile(
    r"unsupported.parameter|not supported|unrecogni|unknown|unexpected|not permitted|extra",
    re.IGNORECASE,
)
_SYSTEM_ROLE = re.compile(
    r"system (role|message|prompt|instruction)|role.{0,20}\bsystem\b|developer instruction"
    r"|does not support 'system'|roles must alternate",
    re.IGNORECASE,
)


def rejection(refusal: Refusal) -> Rejection | None:
    """The parameter that `refusal` is about, None when it is about something else."""
    said = f"{' '.join(sorted(refusal.codes))} {refusal.message}"
    # llama.cpp lets an error of the model's chat template through as 500.
    if refusal.status in (400, 422, 500) and _SYSTEM_ROLE.search(said):
        return Rejection("system", unknown=True)
    if refusal.status not in (400, 422):
        return None
    name = refusal.param.rpartition(".")[2]
    if name not in _PARAMETERS:
        name = next((name for name in _PARAMETERS if _names(name, refusal.message)), "")
        if not name or not _AGAINST.search(said):
            return None
    # Of a value that there is no room for the name is known.
    return Rejection(name, unknown=bool(_UNKNOWN.search(said)) and not is_too_long(refusal))


def _names(parameter: str, message: str) -> bool:
    if parameter == "stream":  # also an English word
        return bool(re.search(r"['\"`]stream['\"`]|\b[Ss]treaming is not", message))
    return bool(re.search(rf"\b{parameter}\b", message))


# --- which kind, and its words --------------------------------------------------------------

_CONTEXT = re.compile(
    r"context_length|context length|context window|context size|exceed_context|too many tokens"
    r"|prompt is too long|string_above_max_length",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_not_found|(unknown|invalid) model|not a valid model"
    r"|\bmodel\b.{0,100}\b(not found|not exist|unknown)",
    re.IGNORECASE | re.DOTALL,
)
_NO_MONEY = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_exhausted"}
)
_RATE_LIMIT = frozenset({"rate_limit_exceeded", "rate_limit_error", "too_many_requests"})
_BY_STATUS = {
    401: ErrorKind.WRONG_KEY,
    402: ErrorKind.QUOTA,
    403: ErrorKind.FORBIDDEN,
    408: ErrorKind.TIMEOUT,
    413: ErrorKind.CONTEXT_LENGTH,
    429: ErrorKind.RATE_LIMIT,
}
# What happened, and what to do; between them come the server's own words.
_WORDS = {
    ErrorKind.WRONG_KEY: ("{name} refused {key}.", "Check it, then retry."),
    ErrorKind.QUOTA: (
        "{name} reports that its quota or credit is used up.",
        "Add credit there, or pick another model.",
    ),
    ErrorKind.FORBIDDEN: (
        "{name} does not allow this key to use {model}.",
        "Pick another model, or use another key.",
    ),
    ErrorKind.TIMEOUT: ("{name} gave up waiting.", "Retry."),
    ErrorKind.CONTEXT_LENGTH: (
        "The conversation is too long for {model}.",
        "Shorten it, start a new chat, or pick a model with a larger context.",
    ),
    ErrorKind.RATE_LIMIT: ("{name} gets too many requests at once.", "Wait a little, then retry."),
    ErrorKind.UNKNOWN_MODEL: ("{name} has no model {model}.", "Pick another one."),
    ErrorKind.PARAMETER: (
        "{model} does not accept {parameter} as it is set.",
        "Change it for this chat, then retry.",
    ),
    ErrorKind.CONFIG: (
        "{name} has no chat at {host}{path}.",
        "Check its base_url in the config: most end in /v1.",
    ),
    ErrorKind.SERVER: ("{name} had a problem of its own{status}.", "Retry in a moment."),
    ErrorKind.BAD_REQUEST: (
        "{name} did not accept the request{status}.",
        "Change it, or pick another model.",
    ),
}
_MOVED = (
    "{name} has moved away from {host}{to}.",
    "The key was not sent on: set base_url in the config to its new address.",
)


def explained(refusal: Refusal, asked: Asked) -> ChatError:
    """`refusal` as an error for the user."""
    rejected = rejection(refusal)
    kind = _kind(refusal, rejected)
    what, do = _MOVED if 300 <= refusal.status < 400 else _WORDS[kind]
    target = host_of(refusal.headers.get("location", ""))
    fields = {
        "name": asked.name,
        "host": asked.host,
        "path": path_of(asked.endpoint.base_url),
        "model": shown_line(asked.model) or "this model",
        "key": _key_words(asked),
        "parameter": rejected.parameter if rejected else "",
        "status": f" (status {refusal.status})" if refusal.status else "",
        "to": f" to {target}" if target else "",
    }
    quote = quoted(refusal.message, asked.key)
    return asked.error(
        kind,
        " ".join(filter(None, [what.format(**fields), quote, do.format(**fields)])),
        retry_after=retry_after(refusal.headers),
        request_id=refusal.headers.get("x-request-id"),
    )


def quoted(message: str, key: Key) -> str:
    """A server's own words, safe to show, on one line and not too long; empty for none."""
    # The key goes before the cut, which could leave most of it standing.
    line = shown_line(key.scrub(message))
    if len(line) > LONGEST_QUOTE:
        line = line[: LONGEST_QUOTE - 1].rstrip() + "…"
    if not line:
        return ""
    return f"It says: “{line}”" if line.endswith((".", "!", "?", "…")) else f"It says: “{line}”."


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait as the server asks, in milliseconds, seconds or by a date; None: it doesn't.

    Source: RFC 9110, 10.2.3; `retry-after-ms` is OpenAI's own.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())


def is_too_long(refusal: Refusal) -> bool:
    """Whether it is about the length of what was sent, together with what was asked for."""
    said = f"{' '.join(sorted(refusal.codes))} {refusal.message}"
    return refusal.status in (0, 400, 413, 422, 500) and bool(_CONTEXT.search(said))


def _kind(refusal: Refusal, rejected: Rejection | None) -> ErrorKind:
    said = f"{' '.join(sorted(refusal.codes))} {refusal.message}"
    if refusal.codes & _NO_MONEY:
        return ErrorKind.QUOTA
    if is_too_long(refusal):
        return ErrorKind.CONTEXT_LENGTH
    if rejected is not None:
        return ErrorKind.PARAMETER
    if refusal.status in (0, 400, 404, 422) and _NO_MODEL.search(said):
        return ErrorKind.UNKNOWN_MODEL
    if refusal.codes & _RATE_LIMIT and not refusal.status:
        return ErrorKind.RATE_LIMIT
    if refusal.status in _BY_STATUS:
        return _BY_STATUS[refusal.status]
    if refusal.status == 404 or 300 <= refusal.status < 400:
        return ErrorKind.CONFIG
    return ErrorKind.BAD_REQUEST if 400 <= refusal.status < 500 else ErrorKind.SERVER


def _key_words(asked: Asked) -> str:
    endpoint = asked.endpoint
    if endpoint.api_key_command:
        return "the key that its api_key_command printed"
    if endpoint.api_key_env:
        return f"the key in {endpoint.api_key_env}"
    return "to answer without a key (api_key_env in the config names one)"
