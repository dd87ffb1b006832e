// purpose: the suggestions about some records as they are stored
// access: read
// parameters: $keys list of record keys
// columns: left string, right string, via string, weight float, reason string
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})-[told:SUGGESTED]-(other:SourceRecord)
RETURN DISTINCT CASE WHEN record.key < other.key THEN record.key ELSE other.key END AS left,
       CASE WHEN record.key < other.key THEN other.key ELSE record.key END AS right,
       told.via AS via, told.weight AS weight, told.reason AS reason
