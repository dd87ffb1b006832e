// purpose: let the feed begin after a sequence number; it never begins earlier than it did
// access: write
// parameters: $last int, the newest that it no longer tells
// columns: -
// index: Counter.name
// example: {"last": 100}
MERGE (pruned:Counter {name: 'change_pruned'})
SET pruned.value = CASE WHEN pruned.value > $last THEN pruned.value ELSE $last END
