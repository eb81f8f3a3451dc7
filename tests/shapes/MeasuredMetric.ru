DELETE DATA { </id/quality/example/five-star> dqv:isMeasurementOf </id/metric/five-star> } ;
INSERT DATA { </id/quality/example/five-star> dqv:isMeasurementOf </id/metric/ten-star> }
