"""Documents for customers: made when they are fetched, known by a signed reference until then."""
