"""Quality of clusters on labelled sets: `identity-graph dedupe` without a mapping, beside plain Splink."""
