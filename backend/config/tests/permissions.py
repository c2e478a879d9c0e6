"""operation → the permission it needs. Written by hand and reviewed: the code must agree with it, not the reverse.

``public``: for anybody; ``self``: whoever is logged in, about himself.
"""

NEEDED = {}
