DELETE DATA { </id/period/2024-01> dct:type </code/period-kind/month> }
