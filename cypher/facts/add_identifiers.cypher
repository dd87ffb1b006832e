// purpose: give records identifiers, widening the time they were seen together
// access: write
// parameters: $rows list of {record_key, key, namespace, value, first_seen, last_seen, count (added)}
// columns: -
// index: SourceRecord.key, Identifier.key
// example: {"rows": [{"record_key": "crm:1", "key": "email:a@b.c", "namespace": "email", "value": "a@b.c", "first_seen": null, "last_seen": null, "count": 1}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})
MERGE (identifier:Identifier {key: row.key})
ON CREATE SET identifier.namespace = row.namespace, identifier.value = row.value, identifier.status = 'active'
MERGE (record)-[seen:HAS_IDENTIFIER]->(identifier)
SET seen.first_seen = CASE WHEN seen.first_seen IS NULL OR row.first_seen < seen.first_seen
                           THEN row.first_seen ELSE seen.first_seen END,
    seen.last_seen = CASE WHEN seen.last_seen IS NULL OR row.last_seen > seen.last_seen
                          THEN row.last_seen ELSE seen.last_seen END,
    seen.count = coalesce(seen.count, 0) + row.count
