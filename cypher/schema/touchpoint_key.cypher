// purpose: no two Touchpoint nodes share one key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT touchpoint_key IF NOT EXISTS FOR (node:Touchpoint) REQUIRE node.key IS UNIQUE
