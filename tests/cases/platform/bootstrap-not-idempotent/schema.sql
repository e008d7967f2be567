CREATE TABLE organizations (name text);
INSERT INTO organizations (name) VALUES ('acme');
