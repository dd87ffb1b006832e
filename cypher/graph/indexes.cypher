// purpose: the indexes of the graph and whether each is ready
// access: read
// parameters: -
// columns: name string, state string
// index: - lists the schema, reads no node
// example: {}
SHOW INDEXES YIELD name, state
RETURN name, state
ORDER BY name
