//! The peers: SQLite with the same records, readable or (built in a workspace of its own) under `SQLCipher`, with the indexes
//! that a timeline needs.

use rusqlite::{Connection, params};
use std::path::Path;

/// A record as the peers store it.
pub struct Row {
    /// Type name of the resource.
    pub resource_type: String,
    /// First line of its card.
    pub title: String,
    /// What is searched.
    pub text: String,
    /// When it happened.
    pub date_ms: i64,
    /// The resource.
    pub bytes: Vec<u8>,
}

/// A database of them.
pub struct Peer {
    conn: Connection,
    searched: bool,
}

const SETTINGS: &str =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;";

impl Peer {
    /// An empty database; with `key` (64 hexadecimal digits) under `SQLCipher`, `searched` with an FTS5 table.
    pub fn create(path: &Path, key: Option<&str>, searched: bool) -> Self {
        let peer = Self::open(path, key, searched);
        peer.conn
            .execute_batch(
                "CREATE TABLE rec(id INTEGER PRIMARY KEY, uid BLOB UNIQUE, rtype TEXT, date INTEGER, ver INTEGER, title TEXT, line TEXT, body BLOB);
                 CREATE INDEX timeline ON rec(date DESC, id);
                 CREATE INDEX kinds ON rec(rtype, date DESC);
                 CREATE TABLE log(n INTEGER PRIMARY KEY, at INTEGER, event TEXT, detail TEXT);
                 CREATE TABLE file(n INTEGER PRIMARY KEY, content BLOB);",
            )
            .expect("a schema");
        if searched {
            peer.conn
                .execute_batch("CREATE VIRTUAL TABLE fts USING fts5(title, x, content='', contentless_delete=1, tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\")")
                .expect("FTS5");
        }
        peer
    }

    /// The database at `path`.
    pub fn open(path: &Path, key: Option<&str>, searched: bool) -> Self {
        let conn = Connection::open(path).expect("SQLite opens");
        if let Some(key) = key {
            conn.execute_batch(&format!("PRAGMA key=\"x'{key}'\"; PRAGMA cipher_log_level=NONE;"))
                .expect("a key");
        }
        conn.execute_batch(SETTINGS).expect("settings");
        Self { conn, searched }
    }

    /// Adds records under random ids, so many in each transaction, and with search an entry of the log in each.
    pub fn insert(&mut self, data: &[Row], batch: usize, random: &mut dyn FnMut(&mut [u8])) {
        for chunk in data.chunks(batch) {
            let transaction = self.conn.transaction().expect("a transaction");
            {
                let mut insert = transaction
                    .prepare_cached(
                        "INSERT INTO rec(uid, rtype, date, ver, title, line, body) VALUES(?,?,?,1,?,?,?)",
                    )
                    .expect("a statement");
                for record in chunk {
                    let mut uid = [0_u8; 16];
                    random(&mut uid);
                    insert
                        .execute(params![
                            uid,
                            record.resource_type,
                            record.date_ms,
                            record.title,
                            "12.5 g/dL",
                            record.bytes
                        ])
                        .expect("an insert");
                    if self.searched {
                        let mut index = transaction
                            .prepare_cached("INSERT INTO fts(rowid, title, x) VALUES(?,?,?)")
                            .expect("a statement");
                        index
                            .execute(params![transaction.last_insert_rowid(), record.title, record.text])
                            .expect("an insert");
                    }
                }
                if self.searched {
                    transaction
                        .execute("INSERT INTO log(at, event, detail) VALUES(1, 'import', 'batch')", [])
                        .expect("a log");
                }
            }
            transaction.commit().expect("a commit");
        }
    }

    /// Everything into the main file.
    pub fn checkpoint(&self) {
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    }

    /// The fifty newest cards.
    pub fn page(&self) {
        let mut select = self
            .conn
            .prepare_cached(
                "SELECT id, uid, rtype, date, title, line FROM rec ORDER BY date DESC, id LIMIT 50",
            )
            .expect("a statement");
        let rows = select
            .query_map([], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, String>(4)?,
                    row.get::<_, String>(5)?,
                ))
            })
            .expect("rows");
        assert_eq!(std::hint::black_box(rows.flatten().collect::<Vec<_>>()).len(), 50);
    }

    /// The newest bodies, at most `limit`: their bytes in all.
    pub fn bodies(&self, limit: usize) -> usize {
        let mut select = self
            .conn
            .prepare_cached("SELECT body FROM rec ORDER BY date DESC, id LIMIT ?")
            .expect("a statement");
        let limit = i64::try_from(limit).expect("small");
        let rows = select.query_map([limit], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
        rows.flatten().map(|body| std::hint::black_box(body).len()).sum()
    }

    /// One body.
    pub fn point(&self, at: usize) {
        let mut select = self.conn.prepare_cached("SELECT body FROM rec WHERE id = ?").expect("a statement");
        let id = i64::try_from(at + 1).expect("small");
        let body: Vec<u8> = select.query_row([id], |row| row.get(0)).expect("a row");
        assert!(!std::hint::black_box(body).is_empty());
    }

    /// The twenty newest records with the word.
    pub fn search(&self, word: &str) -> usize {
        let mut select = self
            .conn
            .prepare_cached(
                "SELECT id FROM rec JOIN (SELECT rowid AS hit FROM fts WHERE fts MATCH ?) ON id=hit ORDER BY date DESC LIMIT 20",
            )
            .expect("a statement");
        let found = select.query_map([format!("\"{word}\" *")], |row| row.get::<_, i64>(0)).expect("rows");
        std::hint::black_box(found.flatten().count())
    }

    /// A BLOB in, committed durably.
    pub fn write_file(&self, content: &[u8]) {
        self.conn.execute("INSERT INTO file(content) VALUES(?)", [content]).expect("an insert");
    }

    /// The last BLOB out.
    pub fn read_file(&self) -> Vec<u8> {
        let sql = "SELECT content FROM file ORDER BY n DESC LIMIT 1";
        self.conn.query_row(sql, [], |row| row.get(0)).expect("a row")
    }
}
