"""What is sent to whom: choices of reminders, the outbox, Slack."""
