DELETE DATA { </id/dataset/example> dcat:theme </code/theme/population-households> }
