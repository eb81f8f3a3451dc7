DELETE DATA { </id/period/2024-01> skos:notation "2024-01" } ;
INSERT DATA { </id/period/2024-01> skos:notation "202401" }
