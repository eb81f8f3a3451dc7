DELETE DATA { label-shape:Example sh:severity sh:Warning } ;
INSERT DATA { label-shape:Example sh:severity sh:Debug }
