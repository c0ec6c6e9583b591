"""A real billing system over HTTP, as openapi.yml beside this file describes it."""
