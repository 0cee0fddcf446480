"""An organism's tables: loci, sites, rules, breakpoints, clones, clock; each row with its source."""
