//! Recovery words, passphrase, new keys and deletion, as the command does them.

use kosha_tests::canary::Canaries;
use kosha_tests::programs::{Kosha, Relay, copy_folder, samples};
use serde_json::Value;
use std::process::{Command, Output};

fn with(kosha: &Kosha, words: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command: Command = kosha.command(["--json"]);
    command.args(words).env_remove("KOSHA_PASSPHRASE").envs(variables.iter().copied());
    command.output().expect("kosha starts")
}

fn said(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn refused(output: &Output) -> (i32, String) {
    let error: Value = serde_json::from_slice(&output.stderr).expect("one JSON document on stderr");
    (output.status.code().unwrap(), error["error"]["code"].as_str().unwrap().to_owned())
}

#[test]
fn the_words_open_what_the_passphrase_does_not_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    assert_eq!(kosha.json(["recovery", "status"])["ways"]["recovery"], false);
    assert_eq!(
        refused(&kosha.run(["recovery"])),
        (2, "not-agreed".to_owned()),
        "nobody is there to write them down"
    );
    assert_eq!(refused(&kosha.run(["recovery", "remove", "--yes"])), (1, "no-recovery".to_owned()));

    let made = kosha.json(["recovery", "--yes"]);
    let words = made["words"].as_str().unwrap().to_owned();
    assert_eq!(words.split(' ').count(), 24);
    assert_eq!(kosha.json(["recovery", "status"])["ways"]["recovery"], true);
    let typed: Vec<String> = (1..)
        .zip(words.split(' '))
        .map(|(n, word)| format!("{n}. {}", &word.to_uppercase()[..word.len().min(4)]))
        .collect();
    let typed = typed.join("\n");
    assert_eq!(said(&with(&kosha, &["check"], &[("KOSHA_RECOVERY", &typed)]))["ok"], true);

    let mut swapped: Vec<&str> = words.split(' ').collect();
    let other = swapped.iter().position(|word| *word != swapped[0]).unwrap();
    swapped.swap(0, other);
    let phrase = |text: &str| refused(&with(&kosha, &["check"], &[("KOSHA_RECOVERY", text)]));
    // One swap in 256 has a right checksum by chance; then it is another phrase.
    assert!(
        matches!(phrase(&swapped.join(" ")), (4, code) if code == "phrase-order" || code == "wrong-phrase")
    );
    assert_eq!(phrase("void come effort"), (4, "phrase-count".to_owned()));
    assert_eq!(phrase(&words.replacen(swapped[5], "xyzzy", 1)), (4, "phrase-word".to_owned()));
    let foreign = "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen \
        patrol group space point ten exist slush involve unfold";
    assert_eq!(phrase(foreign), (4, "wrong-phrase".to_owned()));

    // The passphrase is forgotten; the words make a new one.
    let new = [("KOSHA_RECOVERY", words.as_str()), ("KOSHA_NEW_PASSPHRASE", "eight loud herons")];
    assert!(said(&with(&kosha, &["--recovery", "passphrase"], &new))["rotated"].is_object());
    assert_eq!(refused(&kosha.run(["check"])), (4, "wrong-key".to_owned()));
    let now = [("KOSHA_PASSPHRASE", "eight loud herons")];
    assert_eq!(said(&with(&kosha, &["check"], &now))["ok"], true);
    assert_eq!(
        refused(&with(&kosha, &["passphrase"], &[now[0], ("KOSHA_NEW_PASSPHRASE", "short")])).1,
        "weak-passphrase"
    );

    // Words made anew take the place of the old ones; taken away, none opens.
    let again = said(&with(&kosha, &["recovery", "--yes"], &now))["words"].as_str().unwrap().to_owned();
    assert_eq!(phrase(&words), (4, "wrong-phrase".to_owned()));
    assert_eq!(
        said(&with(&kosha, &["rotate"], &[("KOSHA_RECOVERY", &again)]))["rotated"]["deviceKey"],
        false
    );
    said(&with(&kosha, &["recovery", "remove", "--yes"], &now));
    let (status, code) = phrase(&again);
    assert_eq!((status, code.as_str()), (4, "locked"));
    assert_eq!(said(&with(&kosha, &["check"], &now))["ok"], true);
    let seen = Canaries::new(
        words.split(' ').filter(|word| word.len() >= 8).chain([words.as_str(), again.as_str()]),
    );
    seen.absent_below(folder.path());
}

#[test]
fn what_was_deleted_is_gone_and_what_that_does_not_reach_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    let imported = kosha.json(["import".as_ref(), samples().as_os_str()]);
    let medicines = kosha.json(["timeline", "--kind", "medicine"]);
    let [first, second, ..] = medicines["records"].as_array().unwrap().as_slice() else {
        panic!("two medicines")
    };
    let (first, second) = (first["id"].as_str().unwrap(), second["id"].as_str().unwrap());
    let share =
        kosha.json(["share", "--record", first, "--purpose", "Check-up", "--recipient", "Dr Rao", "--yes"]);
    let records = kosha.json(["check"])["records"].as_u64().unwrap();
    let shown = kosha.json(["show", first]);
    let document = shown["document"]["id"].as_str().unwrap().to_owned();
    let title = shown["record"]["title"].as_str().unwrap().to_owned();
    copy_folder(kosha.vault(), &folder.path().join("old copy"));

    assert_eq!(refused(&kosha.run(["delete", first])), (2, "not-agreed".to_owned()));
    assert_eq!(kosha.json(["check"])["records"], records);
    let deleted = kosha.json(["delete", first, "--yes"]);
    let plan = &deleted["deleted"];
    assert_eq!(plan["records"][0]["title"], title.as_str());
    assert_eq!(plan["filesOpened"][0]["id"], document.as_str());
    let reached = &plan["notReached"];
    assert_eq!(reached["shares"][0]["id"], share["share"]["id"]);
    assert_eq!(reached["oldCopiesOpenWith"]["passphrase"], true);
    let sentences = reached["sentences"].to_string();
    assert!(
        sentences.contains("old copy") && sentences.contains("backup") && sentences.contains("share"),
        "{sentences}"
    );

    let check = kosha.json(["check"]);
    assert_eq!(
        (check["ok"].as_bool(), check["records"].as_u64()),
        (Some(true), Some(records - 1)),
        "{check}"
    );
    assert_eq!(kosha.error(["show", first]).1["code"], "no-such-record");
    assert_eq!(kosha.error(["show", &document, "--document"]).1["code"], "parts-deleted");
    assert_eq!(kosha.json(["show", &document])["document"]["partsDeleted"], true);
    kosha.json(["show", second]);
    let log = kosha.json(["log"]).to_string();
    assert!(log.contains("deleted") && !log.contains(&title));

    // An old copy opens with the passphrase of its day, as was said.
    let old = Kosha::on(folder.path().join("old copy"));
    assert_eq!(old.json(["show", first])["record"]["title"], title.as_str());

    // The same files come in again: the record is stored anew, and the file is whole again.
    let again = kosha.json(["import".as_ref(), samples().as_os_str()]);
    assert_eq!(again["totals"]["stored"], 1, "{again}");
    assert_eq!(again["totals"]["entries"], imported["totals"]["entries"]);
    assert_eq!(kosha.json(["check"])["records"], records);
    assert!(kosha.run(["show", &document, "--document"]).status.success());
    assert_eq!(kosha.json(["check"])["ok"], true);
}
