"""People, workspaces, invitations, the audit."""
