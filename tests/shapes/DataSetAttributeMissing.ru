DELETE DATA { </id/dataset/example-population> sdmx-attribute:unitMeasure </code/unit/person> }
