INSERT DATA { yk:example <https://schema.org/name> "例"@ja }
