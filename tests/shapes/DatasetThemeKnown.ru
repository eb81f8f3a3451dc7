DELETE DATA { </id/dataset/example> dcat:theme </code/theme/population-households> } ;
INSERT DATA { </id/dataset/example> dcat:theme </code/area-level/ward> }
