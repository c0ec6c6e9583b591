"""What a message names: months, dates, amounts, numbers, plans and places, in either language. Pure and fast."""
