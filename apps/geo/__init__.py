"""Places: addresses to points and back, suggestions, roads, postal codes – asked of providers behind one port."""
