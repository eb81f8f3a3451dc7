INSERT DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refArea </id/area/141135> }
