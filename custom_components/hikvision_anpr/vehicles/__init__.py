"""Know vehicles: who they are, which list they are on, and when they may enter."""
