"""What several test suites share. Not part of the product."""
