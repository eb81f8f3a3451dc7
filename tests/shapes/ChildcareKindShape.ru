DELETE DATA { </id/facility/141003-nursery-0001> dct:subject </code/preschool-kind/public-nursery> } ;
INSERT DATA { </id/facility/141003-nursery-0001> dct:subject </code/medical-kind/hospital> }
