//! `SQLCipher`, which is built and runs apart (`tests/sqlcipher`): two builds of SQLite do not fit into one program.

use crate::peer::Row;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The program, where `cargo xtask bench vault` could build it.
const PROGRAM: &str = "KOSHA_BENCH_SQLCIPHER";

/// Processor time of each piece of work, by its name.
pub type Times = HashMap<String, Duration>;

/// `SQLCipher`'s side of the benchmark.
pub struct Encrypted {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Encrypted {
    /// With these records, if the program is there.
    pub fn find(data: &[Row]) -> Option<Self> {
        let Some(program) = std::env::var_os(PROGRAM) else {
            println!("(SQLCipher: not built, its column is left out)\n");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = Vec::new();
        for row in data {
            let day = row.date_ms.to_le_bytes();
            let fields =
                [row.resource_type.as_bytes(), row.title.as_bytes(), row.text.as_bytes(), &day, &row.bytes];
            for field in fields {
                bytes.extend(u32::try_from(field.len()).expect("small").to_le_bytes());
                bytes.extend_from_slice(field);
            }
        }
        std::fs::write(folder.path().join("records"), bytes).expect("a file");
        Some(Self { program: program.into(), folder })
    }

    /// One round.
    pub fn run(&self) -> Times {
        let output =
            Command::new(&self.program).arg(self.folder.path().join("records")).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let line = |line: &str| {
            let (name, nanos) = line.split_once(' ')?;
            Some((name.to_owned(), Duration::from_nanos(nanos.parse().ok()?)))
        };
        String::from_utf8_lossy(&output.stdout).lines().filter_map(line).collect()
    }
}
