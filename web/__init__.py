"""HTTP: pages and API over the use cases."""
