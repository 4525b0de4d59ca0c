//! A process that is killed loses nothing that it had acknowledged, and leaves nothing half done.
#![allow(
    clippy::format_collect,
    clippy::needless_for_each,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and reads better short"
)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use common::{Place, add_person, create_quick, header, open_quick, problems, resource};
use kosha_vault::{Durability, Hole, NewBody};

const FOLDER: &str = "KOSHA_VAULT_CRASH_FOLDER";

/// The child: commits for ever and says so after each commit.
#[test]
#[ignore = "run by the test below in a process of its own"]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let mut vault = open_quick(Path::new(&folder)).unwrap();
    let person = vault.persons()[0].id;
    let first = u32::try_from(vault.index().len()).unwrap();
    for number in first.. {
        let durability = if number % 4 == 3 { Durability::Full } else { Durability::Normal };
        let mut tx = vault.begin(durability).unwrap();
        let content = number.to_le_bytes().repeat(20_000);
        let attachment = tx.add_attachment_bytes(&content).unwrap();
        let holes = [Hole { at: 0, attachment: attachment.id }];
        let resource = resource(number);
        let body = NewBody { resource_skeleton: resource.as_bytes(), holes: &holes, text: "" };
        tx.add_record(header(person, number), &body).unwrap();
        tx.log(i64::from(number), "import", "").unwrap();
        tx.commit().unwrap();
        println!("acknowledged {}", number + 1);
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn killed_again_and_again() {
    let place = Place::new();
    add_person(&mut create_quick(&place.path), b"Asha");
    let mut acknowledged = 0_u32;
    for round in 0..14_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child", "--nocapture"])
            .env(FOLDER, &place.path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        // Killed at another moment each time, between two acknowledgements or within a commit.
        while seen < round % 5 + 1 {
            let Some(Ok(line)) = lines.next() else { panic!("the child ended by itself") };
            if let Some(number) = line.strip_prefix("acknowledged ") {
                acknowledged = number.parse().unwrap();
                seen += 1;
            }
        }
        std::thread::sleep(std::time::Duration::from_micros(round * 137));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("acknowledged ") {
                acknowledged = number.parse().unwrap();
            }
        }
        let vault = open_quick(&place.path).unwrap();
        assert_eq!(problems(&vault), [""; 0], "round {round}");
        let stored = u32::try_from(vault.index().len()).unwrap();
        assert!(stored >= acknowledged, "round {round}: {acknowledged} acknowledged, {stored} there");
        assert_eq!(u64::from(stored), vault.log_len(), "a transaction is whole or absent");
        assert_eq!(place.files().len(), stored as usize, "files without a row are swept");
    }
}
