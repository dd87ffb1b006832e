// purpose: the decisions in force on one pair of records
// access: read
// parameters: $left record key, $right record key
// columns: id string, verdict string
// index: SourceRecord.key
// example: {"left": "crm:1", "right": "shop:1"}
MATCH (:SourceRecord {key: $left})<-[:ABOUT]-(decision:Decision)-[:ABOUT]->(:SourceRecord {key: $right})
WHERE decision.undone_by IS NULL
RETURN decision.id AS id, decision.verdict AS verdict
ORDER BY id
