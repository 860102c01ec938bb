"""How a value comes about: `tree` makes a trace readable, `page` and `lines` show it on a page and in a terminal."""
