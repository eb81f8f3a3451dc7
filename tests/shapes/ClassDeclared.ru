INSERT DATA { yk:example a <https://schema.org/Property> }
