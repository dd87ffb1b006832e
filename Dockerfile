# The API and the command line; the graph is the Neo4j that IDENTITY_GRAPH_URI points at.
FROM python:3.12-slim
WORKDIR /app
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY identity_graph identity_graph
COPY api api
COPY loaders loaders
COPY cypher cypher
RUN pip install --no-cache-dir --constraint constraints.txt . \
    && useradd --system --home-dir /data graph \
    && install --directory --owner=graph /data
USER graph
VOLUME /data
EXPOSE 8000
CMD ["identity-graph", "serve"]
