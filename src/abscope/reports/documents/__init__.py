"""Paper: letters, reports and notices of a run, as blocks that PDF, Word, HTML and Markdown share."""
