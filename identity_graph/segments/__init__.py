"""Named segments: graph patterns over customers, each a file of `cypher/segments/`."""

from __future__ import annotations

from identity_graph.segments.catalogue import Segment, SegmentParameter, find_segment, list_segments
from identity_graph.segments.members import SegmentMember, count_members, page_members

__all__ = ["Segment", "SegmentMember", "SegmentParameter", "count_members", "find_segment", "list_segments",
           "page_members"]  # fmt: skip
