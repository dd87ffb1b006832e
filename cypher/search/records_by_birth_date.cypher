// purpose: candidates of a search that were born on a day
// access: read
// parameters: $birth_date ISO date, $limit int
// columns: key string
// index: SourceRecord.birth_date
// example: {"birth_date": "1980-01-31", "limit": 500}
MATCH (record:SourceRecord {birth_date: $birth_date})
RETURN record.key AS key
LIMIT $limit
