"""Whether hosts outside can be reached, and if not, where the way to them stops. Knows nothing of lessons or faults."""
