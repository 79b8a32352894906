"""Credentials that are fetched before the first request: by plugins and from OIDC providers."""
