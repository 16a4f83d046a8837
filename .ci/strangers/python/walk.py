"""Walks each API's scenario with the generated clients, against the stend at STEND_URL."""

import walk_control
import walk_ibonus
import walk_loyalclient
import walk_probonus

for walk in (walk_loyalclient, walk_ibonus, walk_probonus, walk_control):
    walk.main()
    print(f"{walk.__name__}: ok")
