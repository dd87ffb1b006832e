// purpose: all decisions with the records they are about, oldest first
// access: read
// parameters: $active_only bool
// columns: id string, verdict string, author string, reason string, at string, undone_by string, keys list of record keys
// index: - reads all decisions on purpose; people make them one by one
// example: {"active_only": true}
MATCH (decision:Decision)-[:ABOUT]->(record:SourceRecord)
WHERE NOT $active_only OR decision.undone_by IS NULL
RETURN decision.id AS id, decision.verdict AS verdict, decision.author AS author, decision.reason AS reason,
       decision.at AS at, decision.undone_by AS undone_by, collect(record.key) AS keys
ORDER BY at, id
