"""How due work reaches a worker: in this process, or through the distributed queue."""
