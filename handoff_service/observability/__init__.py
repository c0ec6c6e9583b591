"""What whoever runs the service sees of it: metrics for Prometheus. Names and units are theirs; no ids, no words."""
