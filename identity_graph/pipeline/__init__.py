"""The only place that knows the whole order of work: load files, resolve the graph, dedupe files without a graph."""
