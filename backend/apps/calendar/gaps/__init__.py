"""Closing gaps: small holes of a doctor's day joined to stretches that somebody can be treated in.

``reading`` gathers the day, ``planner`` thinks without a database, ``closing`` carries out what people agreed to. What is
won, and why the plan is the best one, stands in docs/decisions/closing-gaps.md.
"""
