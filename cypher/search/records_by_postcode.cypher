// purpose: candidates of a search that live under a postcode
// access: read
// parameters: $postcode canonical postcode, $limit int
// columns: key string
// index: SourceRecord.postcode
// example: {"postcode": "75001", "limit": 500}
MATCH (record:SourceRecord {postcode: $postcode})
RETURN record.key AS key
LIMIT $limit
