"""How tables are laid out, apart from whose they are: grids of cells, headers, blocks, ages, markers."""
