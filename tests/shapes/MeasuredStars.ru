DELETE DATA { </id/quality/example/five-star> dqv:value 4 } ;
INSERT DATA { </id/quality/example/five-star> dqv:value 6 }
