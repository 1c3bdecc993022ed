"""Taking over ads from other systems: a reader for each format makes neutral postings, one importer stores them."""
