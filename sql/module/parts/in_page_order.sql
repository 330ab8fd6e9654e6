-- The source's rows after the cursor as w, read one by one in the order of the page index. OFFSET 0 keeps the filters
-- outside: with them the planner takes the rows to be few, and sorts what it should stop reading after a page.
(SELECT e.*
   FROM entry_version e
  WHERE e.source_id = s.source_id AND e.kind = 'server'
    AND (e.name, e.namespace, e.version) > (p.name, '', p.version)
  ORDER BY e.name, e.namespace, e.version
 OFFSET 0) w
