INSERT DATA { </id/obs/example-households/141178/2024-01> yk:ambulanceTransports -1 }
