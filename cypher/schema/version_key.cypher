// purpose: no two RecordVersion nodes share one key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT version_key IF NOT EXISTS FOR (node:RecordVersion) REQUIRE node.key IS UNIQUE
