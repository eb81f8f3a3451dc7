# example: facility catalogue
# also: SourceDescribed
INSERT {
  </id/facility/141003-disaster-base-9999> ?property ?value ; dct:identifier "141003-disaster-base-9999"
} WHERE {
  </id/facility/141003-disaster-base-0009> ?property ?value
  FILTER(?property != dct:identifier)
}
