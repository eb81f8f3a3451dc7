DELETE DATA { </id/area/141003> dct:isPartOf </id/area/140007> }
