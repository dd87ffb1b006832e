// purpose: candidates of a search whose family name sounds alike, whatever their given name
// access: read
// parameters: $prefix start of a name key, ending with the dot, $limit int
// columns: key string
// index: SourceRecord.name_key
// example: {"prefix": "T.", "limit": 500}
MATCH (record:SourceRecord)
WHERE record.name_key STARTS WITH $prefix
RETURN record.key AS key
LIMIT $limit
