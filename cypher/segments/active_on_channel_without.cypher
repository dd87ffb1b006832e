// title: Active on a channel without a result
// purpose: active customers with touchpoints on a channel who never had one of a type
// access: read
// parameters: $channel touchpoint channel, $never touchpoint type; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"channel": "web", "never": "order", "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
  AND NOT EXISTS {
    MATCH (customer)<-[absent:RESOLVES_TO]-(:SourceRecord)<-[lost:BY|HELD_BY]-(missing:Touchpoint)
    WHERE absent.to IS NULL
      AND (type(lost) = 'HELD_BY' OR NOT EXISTS { MATCH (missing)-[:HELD_BY]->(:SourceRecord) })
      AND missing.type = $never
  }
MATCH (customer)<-[membership:RESOLVES_TO]-(:SourceRecord)<-[link:BY|HELD_BY]-(touchpoint:Touchpoint)
WHERE membership.to IS NULL AND touchpoint.channel = $channel
  AND (type(link) = 'HELD_BY' OR NOT EXISTS { MATCH (touchpoint)-[:HELD_BY]->(:SourceRecord) })
WITH customer, count(touchpoint) AS times, max(touchpoint.at) AS latest
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {times: times, latest: latest} END AS facts, count(*) AS total
ORDER BY customer_id
