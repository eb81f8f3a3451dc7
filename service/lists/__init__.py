"""Lists of things for apps: filters, order, pages. What is listed lies in the release's lists.sqlite."""
