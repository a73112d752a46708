-- The way back: what was loaded is kept under a name of its own.
ALTER DATABASE :"db" RENAME TO :"loaded";
ALTER DATABASE :"aside" RENAME TO :"db";
