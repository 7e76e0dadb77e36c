"""The rhythm that makes a process stick: reviews, agendas, decisions, promises, and how well they are kept."""
