"""The identity graph: stores customer fragments, decides which are one person, explains and takes back decisions."""
