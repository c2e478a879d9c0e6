"""What is particular to Kazakhstan: numbers, phones, money, alphabets, days off.

Pure functions without Django and without a database, so that any domain, script or test may use
them. The reasons behind the rules stand beside each rule.
"""
