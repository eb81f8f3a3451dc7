DELETE DATA { </id/quality/example/five-star> dqv:computedOn </id/dataset/example> }
