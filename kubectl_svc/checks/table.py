"""All checks, for documents and tests; a run loads only those that it makes."""

from __future__ import annotations

from kubectl_svc.checks.judge import DOUBTS
from kubectl_svc.checks.refusals import STAGES

CHECKS = (*(check for stage in STAGES for check in stage), *DOUBTS)
"""What every server refuses, stage by stage, then the others."""
