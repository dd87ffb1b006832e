// purpose: one page of the rejected rows, by key
// access: read
// parameters: $source string or null for all, $status open, replayed or null for all, $after key (empty for the first page), $limit int
// columns: reject map
// index: RejectedRow.key
// example: {"source": null, "status": "open", "after": "", "limit": 50}
MATCH (reject:RejectedRow)
WHERE reject.key > $after AND ($source IS NULL OR reject.source = $source)
  AND ($status IS NULL OR reject.status = $status)
RETURN properties(reject) AS reject
ORDER BY reject.key
LIMIT $limit
