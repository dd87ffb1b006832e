// purpose: no two Model nodes share one version
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT model_version IF NOT EXISTS FOR (node:Model) REQUIRE node.version IS UNIQUE
