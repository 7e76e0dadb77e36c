"""The store of record: tables, the actions that write them, the queries that read them. The only room with an ORM."""
