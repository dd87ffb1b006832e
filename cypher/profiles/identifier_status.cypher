// purpose: which of some identifiers are known, and whether they stand for somebody
// access: read
// parameters: $keys list of identifier keys
// columns: key string, status string
// index: Identifier.key
// example: {"keys": ["email:jane.doe@mail.test"]}
UNWIND $keys AS key
MATCH (identifier:Identifier {key: key})
RETURN identifier.key AS key, identifier.status AS status
ORDER BY key
