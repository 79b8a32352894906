"""What every server refuses, in the order in which a server looks (registry/core/service/storage `beginCreate`)."""

from __future__ import annotations

from kubectl_svc.checks.refused_addresses import ADDRESS_CHECKS, FAMILY_CHECKS, POLICY_CHECKS
from kubectl_svc.checks.refused_fields import FIELD_CHECKS
from kubectl_svc.checks.refused_ports import ALLOCATION_CHECKS, PORT_CHECKS

STAGES = (FAMILY_CHECKS, POLICY_CHECKS, ALLOCATION_CHECKS, (*FIELD_CHECKS, *PORT_CHECKS, *ADDRESS_CHECKS))
"""Checks that a server makes together; it makes the next ones only where these find nothing."""
