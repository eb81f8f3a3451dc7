INSERT DATA { </code/area/collection/city-and-wards> skos:member </id/area/999999> } ;
DELETE DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refArea </id/area/141178> } ;
INSERT DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refArea </id/area/999999> }
