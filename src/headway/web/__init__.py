"""What people see: one module per screen family, forms beside their view."""
