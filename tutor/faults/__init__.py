"""Error texts to faults: what happened, what caused it on this machine, what mends it. Pure; the rules are data (`rules.toml`)."""
