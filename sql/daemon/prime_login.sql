-- A login. prime-db puts the quoted name and password (or its verifier) in the places of {login} and {password}.
CREATE ROLE {login} LOGIN PASSWORD {password};
