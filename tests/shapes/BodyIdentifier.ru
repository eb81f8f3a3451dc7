DELETE DATA { </id/platform/local-good-yokohama> dct:identifier "local-good-yokohama" }
