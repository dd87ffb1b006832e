// purpose: candidates of a search whose name sounds alike
// access: read
// parameters: $name_keys list of name keys, $limit int
// columns: key string
// index: SourceRecord.name_key
// example: {"name_keys": ["T.j"], "limit": 500}
UNWIND $name_keys AS name_key
MATCH (record:SourceRecord {name_key: name_key})
RETURN DISTINCT record.key AS key
LIMIT $limit
