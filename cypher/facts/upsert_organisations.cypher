// purpose: store organisations, and add new sightings to since when and how often records belong to them
// access: write
// parameters: $rows list of {key, source, group_id, traits, trait_times, members list of {record_key, first_seen, last_seen, count (added)}}
// columns: -
// index: Organisation.key, SourceRecord.key
// example: {"rows": [{"key": "web:acme", "source": "web", "group_id": "acme", "traits": "{}", "trait_times": "{}", "members": [{"record_key": "crm:1", "first_seen": "2026-01-01T00:00:00.000000Z", "last_seen": "2026-01-01T00:00:00.000000Z", "count": 1}]}]}
UNWIND $rows AS row
MERGE (organisation:Organisation {key: row.key})
ON CREATE SET organisation.source = row.source, organisation.group_id = row.group_id
SET organisation.traits = row.traits, organisation.trait_times = row.trait_times
WITH organisation, row
UNWIND row.members AS member
MATCH (record:SourceRecord {key: member.record_key})
MERGE (record)-[seen:MEMBER_OF]->(organisation)
SET seen.first_seen = CASE WHEN seen.first_seen IS NULL OR member.first_seen < seen.first_seen
                           THEN member.first_seen ELSE seen.first_seen END,
    seen.last_seen = CASE WHEN seen.last_seen IS NULL OR member.last_seen > seen.last_seen
                          THEN member.last_seen ELSE seen.last_seen END,
    seen.count = coalesce(seen.count, 0) + member.count
