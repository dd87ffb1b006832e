// purpose: find Touchpoint nodes by their place
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX touchpoint_place IF NOT EXISTS FOR (node:Touchpoint) ON (node.place)
