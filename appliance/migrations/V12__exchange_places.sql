-- Where members of the facility were reached when they came in or let this box in, or said themselves that they are (told = 1): found
-- again also where the network does not announce them, as a hub out on the internet.
CREATE TABLE exchange_place (
    peer BLOB    NOT NULL CHECK (length(peer) = 16),
    host TEXT    NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    told INTEGER NOT NULL,
    PRIMARY KEY (peer, host, port)
) STRICT, WITHOUT ROWID;

-- Since when a peer does not have everything. Absent when it has.
CREATE TABLE exchange_behind (
    peer     BLOB    PRIMARY KEY CHECK (length(peer) = 16),
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Members that were put out by this box, whose keys have not been replaced yet.
CREATE TABLE rotation_due (
    member BLOB PRIMARY KEY CHECK (length(member) = 16)
) STRICT, WITHOUT ROWID;
