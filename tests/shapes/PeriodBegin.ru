DELETE DATA { </id/period/2024-01> time:hasBeginning </id/period/2024-01#begin> }
