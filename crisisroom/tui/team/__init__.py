"""Who is here, what everybody holds, and handing all of it over."""
