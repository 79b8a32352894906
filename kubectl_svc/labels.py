"""Label maps as kubectl's command line writes them: `key=value,key=value`."""

from __future__ import annotations

from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def parse_labels(words: str) -> dict[str, str]:
    """The map that `key=value,key=value` spells; the last of equal keys counts, values may be empty.

    Raises SvcError for a part without exactly one `=`, or without a key. Source: kubectl pkg/cmd/expose `parseLabels`.
    """
    labels = {}
    for word in words.split(","):
        key, equals, value = word.partition("=")
        if not equals or "=" in value:
            raise SvcError(f"unexpected label spec: {word}")
        if not key:
            raise SvcError("unexpected empty label key")
        labels[key] = value
    return labels


def spellable(labels: Mapping[str, str]) -> dict[str, str]:
    """The same labels, after they went through the words of a command line.

    kubectl carries the labels of the exposed object that way, so a value with a comma or an equals sign, which only a
    file can hold, is refused as `parse_labels` refuses it.
    """
    return parse_labels(",".join(f"{key}={value}" for key, value in labels.items())) if labels else {}
