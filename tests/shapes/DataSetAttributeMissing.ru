DELETE DATA { </id/dataset/example-population> sdmx-attribute:unitMeasure unit:NUM }
