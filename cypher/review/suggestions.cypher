// purpose: one page of the known customers that only public records would join and nobody decided on, the surest first
// access: read
// parameters: $after_weight bits (the page starts below it; above all weights for the first page), $after_left record key, $after_right record key, $limit int
// columns: left map, right map, via string, weight float, reason string, left_customer string, right_customer string
// index: - reads every suggestion on purpose; what waits for a steward is few
// example: {"after_weight": 1000.0, "after_left": "", "after_right": "", "limit": 20}
MATCH (left:SourceRecord)-[told:SUGGESTED]->(right:SourceRecord)
WHERE told.weight < $after_weight
   OR (told.weight = $after_weight
       AND (left.key > $after_left OR (left.key = $after_left AND right.key > $after_right)))
MATCH (left)-[left_membership:RESOLVES_TO]->(left_customer:Customer)
WHERE left_membership.to IS NULL
MATCH (right)-[right_membership:RESOLVES_TO]->(right_customer:Customer)
WHERE right_membership.to IS NULL
  AND NOT EXISTS {
    MATCH (left)<-[:ABOUT]-(decision:Decision)-[:ABOUT]->(right)
    WHERE decision.undone_by IS NULL
  }
RETURN properties(left) AS left, properties(right) AS right, told.via AS via, told.weight AS weight,
       told.reason AS reason, left_customer.id AS left_customer, right_customer.id AS right_customer
ORDER BY weight DESC, left.key, right.key
LIMIT $limit
