// purpose: the decisions in force between some records
// access: read
// parameters: $keys list of record keys
// columns: id string, verdict string, author string, reason string, at string, left string, right string
// index: SourceRecord.key
// example: {"keys": ["crm:1", "shop:1"]}
UNWIND $keys AS left_key
MATCH (left:SourceRecord {key: left_key})<-[:ABOUT]-(decision:Decision)-[:ABOUT]->(right:SourceRecord)
WHERE right.key IN $keys AND left.key < right.key AND decision.undone_by IS NULL
RETURN decision.id AS id, decision.verdict AS verdict, decision.author AS author, decision.reason AS reason,
       decision.at AS at, left.key AS left, right.key AS right
ORDER BY at, id
