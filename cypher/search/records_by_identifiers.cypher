// purpose: candidates of a search that hold one of these identifiers
// access: read
// parameters: $keys list of identifier keys, $limit int
// columns: key string
// index: Identifier.key
// example: {"keys": ["email:jane.doe@mail.test"], "limit": 200}
UNWIND $keys AS identifier_key
MATCH (identifier:Identifier {key: identifier_key})<-[:HAS_IDENTIFIER]-(record:SourceRecord)
RETURN DISTINCT record.key AS key
LIMIT $limit
