"""Floor 4: the kitchen – stations, tickets, and the screen people cook by.

A ticket is what one station sees of one order. It is made in the transaction that confirms the order (`subscribers`),
so none can be lost; a change to the order is a further ticket (a delta), never an edit of the first one.
"""
