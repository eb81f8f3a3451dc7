DELETE DATA { </id/area/141178> skos:exactMatch sac:C14117 }
