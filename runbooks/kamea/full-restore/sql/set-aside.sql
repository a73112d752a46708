-- Puts the database that Terraform has just made aside, and an empty one in
-- its place. Nothing is dropped. Refused while anybody is connected.
ALTER DATABASE :"db" RENAME TO :"aside";
CREATE DATABASE :"db";
