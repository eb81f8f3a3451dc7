DELETE DATA { </id/facility/141003-clinic-0001> dct:subject </code/medical-kind/clinic-with-beds> }
