// purpose: add new touchpoints to how often, and since when, records were seen with identifiers they hold; tells which records were seen with one earlier than was known
// access: write
// parameters: $rows list of {record_key, key, first_seen, last_seen, count (added)}
// columns: key string
// index: SourceRecord.key
// example: {"rows": [{"record_key": "crm:1", "key": "email:a@b.c", "first_seen": null, "last_seen": null, "count": 1}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})-[seen:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE identifier.key = row.key
WITH record, row, seen, seen.first_seen AS before
SET seen.first_seen = CASE WHEN seen.first_seen IS NULL OR row.first_seen < seen.first_seen
                           THEN row.first_seen ELSE seen.first_seen END,
    seen.last_seen = CASE WHEN seen.last_seen IS NULL OR row.last_seen > seen.last_seen
                          THEN row.last_seen ELSE seen.last_seen END,
    seen.count = coalesce(seen.count, 0) + row.count
WITH record, row, before
WHERE row.first_seen < before OR (before IS NULL AND row.first_seen IS NOT NULL)
RETURN record.key AS key
