DELETE DATA { </id/obs/example-households/141178/2024-01> yk:households 80 } ;
INSERT DATA { </id/obs/example-households/141178/2024-01> yk:households 80.5 }
