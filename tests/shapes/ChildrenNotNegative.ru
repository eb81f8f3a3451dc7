INSERT DATA { </id/obs/example-households/141178/2024-01> yk:children -1 }
