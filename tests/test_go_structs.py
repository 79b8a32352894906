"""The engine behind the Go structs: what no comparison with kubectl can see."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given

from kubectl_svc.go_service import as_service
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.go_types import STRUCTS
from tests.go_values import values_of


def test_every_word_of_the_table_means_a_type() -> None:
    """No struct has a field that cannot be read: each is taken or refused, none ends in another error."""
    for name in STRUCTS:
        for field in struct(name).fields:
            with contextlib.suppress(ValueError):
                decode(struct(name), {field: object()})


def test_reading_keeps_what_was_given() -> None:
    """Empty values tell a Service that selects nothing from one without a selector; null is none; order stays."""
    spec = {"selector": {}, "ports": [None, {"port": 0}], "clusterIP": "", "externalIPs": []}
    read = decode(struct("ServiceSpec"), {"x": 1, **spec, "type": None})
    assert list(read.items()) == list({**spec, "ports": [{}, {"port": 0}]}.items())


@given(values_of("Service"))
def test_what_is_written_reads_the_same(document: Any) -> None:
    """A Service that went through the struct goes through it unchanged."""
    try:
        service = as_service(document)
    except ValueError:
        return
    assert json.dumps(as_service(service)) == json.dumps(service)
