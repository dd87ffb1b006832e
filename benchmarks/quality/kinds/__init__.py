"""Generated labelled sets of many kinds, each with column names and dirt of its own; the truth is known."""
