# also: AddressCode
INSERT DATA { </id/facility/141003-disaster-base-0009#address> ic:市区町村コード <http://data.e-stat.go.jp/lod/sac/14101> }
