SELECT * FROM syn WHERE observation = 'http://localhost:8000/id/obs/syn/5/2010/M/7'
