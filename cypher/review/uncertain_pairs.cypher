// purpose: one page of scored pairs in the uncertain band that nobody decided on, the most uncertain first
// access: read
// parameters: $low bits, $high bits, $centre bits (the most uncertain weight), $placement one of any, together, apart, $after_distance bits (below 0 for the first page), $after_left record key, $after_right record key, $limit int
// columns: left map, right map, match_weight float, model_version string, evidence JSON text, left_customer string, right_customer string, distance float
// index: - reads every pair on purpose: uncertain ones are anywhere, and their order mixes both sides of the centre
// example: {"low": -5.0, "high": 10.0, "centre": 2.0, "placement": "any", "after_distance": -1.0, "after_left": "", "after_right": "", "limit": 20}
MATCH (left:SourceRecord)-[pair:MATCHES]->(right:SourceRecord)
WHERE pair.match_weight >= $low AND pair.match_weight <= $high
WITH left, right, pair, abs(pair.match_weight - $centre) AS distance
WHERE distance > $after_distance
   OR (distance = $after_distance
       AND (left.key > $after_left OR (left.key = $after_left AND right.key > $after_right)))
MATCH (left)-[left_membership:RESOLVES_TO]->(left_customer:Customer)
WHERE left_membership.to IS NULL
MATCH (right)-[right_membership:RESOLVES_TO]->(right_customer:Customer)
WHERE right_membership.to IS NULL
  AND ($placement = 'any' OR (left_customer.id = right_customer.id) = ($placement = 'together'))
  AND NOT EXISTS {
    MATCH (left)<-[:ABOUT]-(decision:Decision)-[:ABOUT]->(right)
    WHERE decision.undone_by IS NULL
  }
RETURN properties(left) AS left, properties(right) AS right, pair.match_weight AS match_weight,
       pair.model_version AS model_version, pair.evidence AS evidence, left_customer.id AS left_customer,
       right_customer.id AS right_customer, distance
ORDER BY distance, left.key, right.key
LIMIT $limit
