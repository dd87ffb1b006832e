// title: Did one thing but not another
// purpose: active customers with a touchpoint of one type since a day and none of another type since then
// access: read
// parameters: $did touchpoint type, $did_not touchpoint type, $since ISO date; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"did": "order", "did_not": "call", "since": "2000-01-01", "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
  AND NOT EXISTS {
    MATCH (customer)<-[absent:RESOLVES_TO]-(:SourceRecord)<-[lost:BY|HELD_BY]-(missing:Touchpoint)
    WHERE absent.to IS NULL
      AND (type(lost) = 'HELD_BY' OR NOT EXISTS { MATCH (missing)-[:HELD_BY]->(:SourceRecord) })
      AND missing.type = $did_not AND missing.at >= $since
  }
MATCH (customer)<-[membership:RESOLVES_TO]-(:SourceRecord)<-[link:BY|HELD_BY]-(touchpoint:Touchpoint)
WHERE membership.to IS NULL AND touchpoint.type = $did AND touchpoint.at >= $since
  AND (type(link) = 'HELD_BY' OR NOT EXISTS { MATCH (touchpoint)-[:HELD_BY]->(:SourceRecord) })
WITH customer, count(touchpoint) AS times, max(touchpoint.at) AS latest
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {times: times, latest: latest} END AS facts, count(*) AS total
ORDER BY customer_id
