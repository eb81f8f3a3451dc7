DELETE DATA { </id/dsd/example-population#3> yk:codeCollection sdmx-code:sex }
