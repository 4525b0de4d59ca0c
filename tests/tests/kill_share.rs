//! A process that is killed between any two steps of sharing and revoking: afterwards `revoke` kills the link, and the
//! vault is sound. The killed process is this test itself, started again with the step at which to end.

use kosha::share::ShareWish;
use kosha::{Environment, LockedWallet, RelayAddress, Unlock};
use kosha_tests::faults::KillAt;
use kosha_tests::programs::{Kosha, PASSPHRASE, Relay, samples};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Every step of sharing and revoking, in order.
const STEPS: [&str; 9] = [
    "share-begin",
    "share-recorded",
    "share-packaged",
    "share-sent",
    "share-confirmed",
    "revoke-begin",
    "revoke-recorded",
    "revoke-sent",
    "revoke-confirmed",
];

#[test]
#[ignore = "only as the process that is killed"]
fn killed() {
    let variable = |name: &str| std::env::var(name).expect("started by the test below");
    let relay = RelayAddress { url: variable("KILL_RELAY"), token: None };
    let transport = Arc::new(kosha::http::HttpTransport::new().unwrap());
    let mut environment = Environment::system(transport, relay);
    environment.steps = Arc::new(KillAt(variable("KILL_STEP")));
    let wallet = LockedWallet::open(Path::new(&variable("KILL_VAULT")), environment).unwrap();
    let mut session = wallet.unlock(&Unlock::Passphrase(PASSPHRASE.as_bytes())).unwrap();
    let wish = ShareWish {
        kinds: vec!["medicine".to_owned()],
        purpose: "Check-up".to_owned(),
        expires: "1d".to_owned(),
        ..ShareWish::default()
    };
    let plan = session.plan_share(&wish).unwrap();
    let made = session.share(plan, None).unwrap();
    std::fs::write(variable("KILL_LINK"), &made.share.link).unwrap();
    session.revoke(&made.share.id).unwrap();
}

#[test]
fn after_a_kill_at_any_step_revoke_kills_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    for step in STEPS {
        let kosha = Kosha::init(folder.path().join(step)).with_relay(&relay);
        kosha.json(["import".as_ref(), samples().as_os_str()]);
        let link = folder.path().join(format!("{step}.link"));
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed", "--ignored"])
            .env("KILL_STEP", step)
            .env("KILL_VAULT", kosha.vault())
            .env("KILL_RELAY", &relay.address)
            .env("KILL_LINK", &link)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success(), "{step} was not reached");

        assert_eq!(kosha.json(["check"])["ok"], true, "{step}");
        let shares = kosha.json(["shares"]);
        let shares = shares["shares"].as_array().unwrap();
        let log = kosha.json(["log"]);
        let has =
            |event: &str| log["entries"].as_array().unwrap().iter().any(|entry| entry["event"] == event);
        if step == "share-begin" {
            assert!(shares.is_empty() && !has("released"));
            continue;
        }
        assert!(has("released"), "{step}");
        let [share] = shares.as_slice() else { panic!("{step}: one share") };
        let state = share["state"].as_str().unwrap();
        let expected = match step {
            "share-recorded" => "failed",
            "share-packaged" | "share-sent" | "share-confirmed" | "revoke-begin" => "active",
            // `shares` goes online, and there says what was still to be said.
            _ => "revoked",
        };
        assert_eq!(state, expected, "{step}");
        if expected == "active" {
            assert!(has("delivered"), "{step}");
        }
        let revoked = kosha.json(["revoke", share["id"].as_str().unwrap()]);
        assert_eq!(revoked["share"]["state"], "revoked", "{step}");
        if let Ok(link) = std::fs::read_to_string(&link) {
            let (_, error) = kosha.error(["view", &link, "--allow-loopback"]);
            assert_eq!(error["code"], Value::from("link-ended"), "{step}");
        }
        assert_eq!(kosha.json(["check"])["ok"], true, "{step}");
    }
}
