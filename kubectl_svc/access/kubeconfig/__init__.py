"""Kubeconfig files: read, merged, checked, chosen from by flags and environment, and written back."""
