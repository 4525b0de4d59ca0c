//! The life of a link over real HTTP: made, read, watched, ended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Answer, DAY, JSON, START, TestLink, World, manifest_body};
use kosha_relay::UploadTokens;
use kosha_wire::relay::{LinkMode, LinkStatus};

#[test]
fn a_manifest_link_is_made_read_watched_and_withdrawn() {
    let world = World::new();
    let link = TestLink::manifest();
    let made = world.create(&link);
    assert_eq!(made.status, 201);
    let fresh = LinkStatus {
        active: true,
        expires: START + DAY,
        views: 0,
        views_left: None,
        passcode_attempts_left: None,
    };
    assert_eq!(made.json::<LinkStatus>(), fresh);

    let answer = world.manifest(&link, None);
    let files = answer.manifest().files;
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].embedded.as_deref(), Some(link.create.files[0].jwe.as_str()));
    assert_eq!(files[0].location, None);
    assert_eq!(files[0].fhir_version.as_deref(), Some("4.0.1"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));

    assert_eq!(world.status(&link).views, 1);
    let views = world.views(&link, 0, 0);
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].0, views[0].1.recipient.as_str(), views[0].1.minute), (1, "Dr A", START / 60));
    assert!(world.views(&link, 1, 0).is_empty());

    assert_eq!(world.managed("DELETE", &link, "").status, 204);
    assert_eq!(world.managed("DELETE", &link, "").status, 204);
    assert_eq!(world.manifest(&link, None).status, 404);
    assert!(!world.status(&link).active);
    assert_eq!(world.views(&link, 0, 0).len(), 1, "who looked stays known after the end");
    assert_eq!(world.create(&link).code(), "conflict");
}

#[test]
fn a_direct_link_gives_its_one_file() {
    let world = World::new();
    let link = TestLink::direct();
    assert_eq!(world.create(&link).status, 201);
    let answer = world.call("GET", &link.direct_path(), &[], b"");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/jose"));
    assert_eq!(answer.body, link.create.files[0].jwe.as_bytes());
    assert_eq!(world.status(&link).views, 1);
    // Neither HEAD nor a preflight nor the wrong kind of question is a view.
    assert_eq!(world.call("HEAD", &link.direct_path(), &[], b"").status, 405);
    assert_eq!(world.call("OPTIONS", &link.path(), &[], b"").status, 204);
    assert_eq!(world.manifest(&link, None).status, 404);
    assert_eq!(world.status(&link).views, 1);
}

#[test]
fn creating_again_changes_nothing_and_another_owner_is_refused() {
    let world = World::new();
    let link = TestLink::manifest().with_views(1);
    assert_eq!(world.create(&link).status, 201);
    assert_eq!(world.manifest(&link, None).status, 200);
    let again = world.create(&link);
    assert_eq!(again.status, 200);
    assert_eq!(again.json::<LinkStatus>().views, 1);
    assert_eq!(world.manifest(&link, None).status, 404, "a second creation gives no second view");

    let mut thief = TestLink::manifest();
    thief.create.view_key.clone_from(&link.create.view_key);
    let taken = world.call("PUT", &link.api(""), &[], &thief.create_body());
    assert_eq!((taken.status, taken.code().as_str()), (409, "conflict"));
    let bearer = thief.bearer();
    for method in ["GET", "DELETE"] {
        let answer = world.call(method, &link.api(""), &[("authorization", &bearer)], b"");
        assert_eq!((answer.status, answer.code().as_str()), (403, "not-yours"));
    }
    assert_eq!(world.call("GET", &link.api(""), &[], b"").status, 403);
}

#[test]
fn a_withdrawal_that_overtakes_its_creation_wins() {
    let world = World::new();
    let link = TestLink::manifest();
    assert_eq!(world.managed("GET", &link, "").code(), "no-such-link");
    assert_eq!(world.managed("DELETE", &link, "").status, 204);
    assert_eq!(world.create(&link).code(), "conflict");
    assert_eq!(world.manifest(&link, None).status, 404);
    let other = TestLink::manifest().bearer();
    assert_eq!(world.call("DELETE", &link.api(""), &[("authorization", &other)], b"").status, 403);
}

#[test]
fn every_ending_is_the_same_404_byte_for_byte() {
    let world = World::new();
    let ask = |path: &str| -> [Answer; 2] {
        [
            world.call("POST", path, &[JSON], &manifest_body("Dr A", Some("wrong"), None)),
            world.call("GET", &format!("{path}?recipient=Dr%20A"), &[], b""),
        ]
    };
    let unknown = ask(&TestLink::manifest().path());
    assert_eq!(unknown[0].status, 404);
    assert_eq!(unknown[0], unknown[1]);

    let (withdrawn, used_up) = (TestLink::manifest(), TestLink::manifest().with_views(1));
    let (guessed, expired) = (TestLink::manifest().with_passcode("right", 1), TestLink::manifest());
    let (direct_withdrawn, direct_used, direct_expired) =
        (TestLink::direct(), TestLink::direct().with_views(1), TestLink::direct());
    let all = [&withdrawn, &used_up, &guessed, &expired, &direct_withdrawn, &direct_used, &direct_expired];
    for link in all {
        assert_eq!(world.create(link).status, 201);
    }
    let large = TestLink::new(LinkMode::Manifest, &[&vec![7; 100_000]]);
    assert_eq!(world.create(&large).status, 201);
    let ticket = world.manifest(&large, None).location(0);
    assert_eq!(world.call("GET", &ticket, &[], b"").status, 200);
    for link in [&withdrawn, &direct_withdrawn, &large] {
        assert_eq!(world.managed("DELETE", link, "").status, 204);
    }
    assert_eq!(world.manifest(&used_up, None).status, 200);
    assert_eq!(world.call("GET", &direct_used.direct_path(), &[], b"").status, 200);
    assert_eq!(world.manifest(&guessed, Some("wrong")).status, 401);
    world.clock.forward(DAY);
    for link in all {
        for answer in ask(&link.path()) {
            assert_eq!(answer, unknown[0]);
        }
    }
    for path in [ticket.as_str(), "/f/nonsense", "/l/short", "/l/%ff"] {
        assert_eq!(world.call("GET", &format!("{path}?recipient=x"), &[], b""), unknown[0], "{path}");
    }
}

#[test]
fn expiry_follows_the_clock_and_the_sweep_deletes() {
    let mut world = World::new();
    let link = TestLink::manifest();
    world.create(&link);
    world.clock.forward(DAY - 1);
    assert_eq!(world.manifest(&link, None).status, 200);
    world.clock.forward(1);
    assert_eq!(world.manifest(&link, None).status, 404);
    assert!(!world.status(&link).active);
    // Opening sweeps: the ciphertext is gone from every file, and weeks later the link is forgotten.
    world.stop();
    world.start(|_| {});
    world.stop();
    assert_absent(&world, link.create.files[0].jwe.as_bytes());
    world.start(|_| {});
    assert_eq!(world.views(&link, 0, 0).len(), 1);
    world.stop();
    world.clock.forward(31 * DAY);
    world.start(|_| {});
    assert_eq!(world.managed("GET", &link, "").status, 404);
}

#[test]
fn a_withdrawn_ciphertext_is_in_no_file_at_once() {
    let world = World::new();
    let link = TestLink::new(LinkMode::Manifest, &[&vec![1; 300_000], b"small"]);
    world.create(&link);
    assert_present(&world, &link.create.files[1].jwe.as_bytes()[70..]);
    world.managed("DELETE", &link, "");
    for file in &link.create.files {
        assert_absent(&world, &file.jwe.as_bytes()[70..90]);
    }
}

#[test]
fn long_files_come_by_ticket_which_ends_by_time_and_by_withdrawal() {
    let world = World::new();
    let small = vec![1; 1000];
    let long: Vec<u8> = (0..400_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let link = TestLink::new(LinkMode::Manifest, &[&small, &long]);
    world.create(&link);
    let answer = world.manifest(&link, None);
    assert!(answer.manifest().files[0].embedded.is_some());
    let ticket = answer.location(1);
    assert!(
        answer.manifest().files[1]
            .location
            .as_ref()
            .unwrap()
            .starts_with(&format!("http://{}/f/", world.address()))
    );
    let file = world.call("GET", &ticket, &[], b"");
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/jose")));
    assert_eq!(file.header("access-control-allow-origin"), Some("*"));
    assert_eq!(file.body, link.create.files[1].jwe.as_bytes());
    assert_eq!(world.call("HEAD", &ticket, &[], b"").status, 405);
    assert_eq!(world.status(&link).views, 1, "a ticket fetch is no view");

    world.clock.forward(599);
    assert_eq!(world.call("GET", &ticket, &[], b"").status, 200);
    world.clock.forward(1);
    assert_eq!(world.call("GET", &ticket, &[], b"").status, 404);

    let fresh = world.manifest(&link, None).location(1);
    let forged = fresh.replace("/f/", "/f/A");
    assert_eq!(world.call("GET", &forged, &[], b"").status, 404);
    world.managed("DELETE", &link, "");
    assert_eq!(world.call("GET", &fresh, &[], b"").status, 404);
}

#[test]
fn embedding_follows_what_the_reader_wants() {
    let world = World::new();
    let link = TestLink::new(LinkMode::Manifest, &[&[1; 1000], &vec![2; 200_000]]);
    world.create(&link);
    let embedded = |longest| {
        let body = manifest_body("Dr A", None, longest);
        let files = world.call("POST", &link.path(), &[JSON], &body).manifest().files;
        files
            .iter()
            .map(|file| {
                assert!(file.embedded.is_some() != file.location.is_some());
                file.embedded.is_some()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(embedded(None), [true, false]);
    assert_eq!(embedded(Some(0)), [false, false]);
    assert_eq!(embedded(Some(10_000_000)), [true, true]);
    let exact = link.create.files[0].jwe.len() as u64;
    assert_eq!(embedded(Some(exact)), [true, false]);
    assert_eq!(embedded(Some(exact - 1)), [false, false]);
}

#[test]
fn the_last_view_may_still_fetch_its_files() {
    let mut world = World::new();
    let link = TestLink::new(LinkMode::Manifest, &[&vec![2; 200_000]]).with_views(1);
    world.create(&link);
    let ticket = world.manifest(&link, None).location(0);
    assert_eq!(world.manifest(&link, None).status, 404);
    assert_eq!(world.call("GET", &ticket, &[], b"").status, 200);
    world.clock.forward(16 * 60);
    world.stop();
    world.start(|_| {});
    world.stop();
    assert_absent(&world, &link.create.files[0].jwe.as_bytes()[100..130]);
}

#[test]
fn a_reader_must_say_who_asks() {
    let world = World::new();
    let (link, direct) = (TestLink::manifest(), TestLink::direct());
    world.create(&link);
    world.create(&direct);
    for body in [&b"{}"[..], br#"{"recipient":null}"#, br#"{"recipient":" \u0000 "}"#] {
        let answer = world.call("POST", &link.path(), &[JSON], body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "recipient-needed"));
    }
    for query in ["", "?recipient=", "?recipient=%20%00", "?other=1"] {
        let answer = world.call("GET", &format!("{}{query}", direct.path()), &[], b"");
        assert_eq!((answer.status, answer.code().as_str()), (400, "recipient-needed"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    for body in [
        &b"not json"[..],
        b"[]",
        br#"{"recipient":7}"#,
        b"\xff",
        br#"{"recipient":"a","embeddedLengthMax":-1}"#,
    ] {
        let status = world.call("POST", &link.path(), &[JSON], body).status;
        assert_eq!(status, 400);
    }
    let unknown_members = br#"{"recipient":"Dr B","later":{"x":[1]}}"#;
    assert_eq!(world.call("POST", &link.path(), &[JSON], unknown_members).status, 200);
    let long = format!("\u{202e}Dr\n {}", "x".repeat(500));
    world.call("POST", &link.path(), &[JSON], &manifest_body(&long, None, None));
    let kept = &world.views(&link, 1, 0)[0].1.recipient;
    assert_eq!(kept.chars().count(), 120);
    assert!(kept.starts_with("Dr xxx"));
    assert_eq!(world.status(&direct).views, 0);
}

#[test]
fn a_passcode_opens_and_wrong_ones_are_counted_for_life() {
    let mut world = World::new();
    let link = TestLink::manifest().with_passcode("4711", 3);
    world.create(&link);
    let remaining = |answer: &Answer| {
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        answer.json::<serde_json::Value>()["remainingAttempts"].as_u64().unwrap()
    };
    assert_eq!(remaining(&world.manifest(&link, None)), 3, "asking without passcode is no guess");
    assert_eq!(remaining(&world.manifest(&link, Some("1"))), 2);
    assert_eq!(world.manifest(&link, Some("4711")).status, 200);
    assert_eq!(remaining(&world.manifest(&link, Some("2"))), 1, "a right one does not start the count anew");
    world.stop();
    world.start(|_| {});
    assert_eq!(world.manifest(&link, Some("4711")).status, 200);
    let status = world.status(&link);
    assert_eq!((status.passcode_attempts_left, status.views), (Some(1), 2));
    assert_eq!(remaining(&world.manifest(&link, Some("3"))), 0);
    assert_eq!(world.manifest(&link, Some("4711")).status, 404);
    assert!(!world.status(&link).active);
    assert_absent(&world, &link.create.files[0].jwe.as_bytes()[70..]);
}

#[test]
fn a_link_that_cannot_be_kept_is_refused() {
    let world = World::new();
    let refused = |change: &dyn Fn(&mut TestLink)| {
        let mut link = TestLink::manifest();
        change(&mut link);
        let answer = world.create(&link);
        assert_eq!((answer.status, answer.code().as_str()), (400, "malformed"));
    };
    refused(&|l| l.create.files.clear());
    refused(&|l| l.create.files[0].jwe = "{\"resourceType\":\"Patient\"}".to_owned());
    refused(&|l| l.create.files[0].content_type = "text/html".to_owned());
    refused(&|l| l.create.files[0].last_updated = Some("a b".to_owned()));
    refused(&|l| l.create.view_key = "A".repeat(43));
    refused(&|l| l.create.view_key.push('A'));
    refused(&|l| l.create.management_hash = String::new());
    refused(&|l| l.create.expires = START);
    refused(&|l| l.create.expires = START + 6 * 366 * DAY);
    refused(&|l| l.create.expires = u64::MAX);
    refused(&|l| l.create.max_views = Some(0));
    refused(&|l| l.create.passcode = Some(String::new()));
    refused(&|l| l.create.passcode_attempts = Some(3));
    refused(&|l| {
        l.create.passcode = Some("1".to_owned());
        l.create.mode = LinkMode::Direct;
    });
    refused(&|l| {
        l.create.mode = LinkMode::Direct;
        let second = l.create.files[0].clone();
        l.create.files.push(second);
    });
    let link = TestLink::manifest();
    for body in [&b""[..], b"{}", b"[[[[[[", &link.create_body()[..40]] {
        assert_eq!(world.call("PUT", &link.api(""), &[], body).status, 400);
    }
    assert_eq!(world.call("PUT", "/api/v1/links/short", &[], &link.create_body()).status, 400);
}

#[test]
fn a_repeated_creation_is_the_same_without_a_token_and_after_the_end() {
    let tokens = UploadTokens::parse(&kosha_relay::token_line("letmein")).unwrap();
    let world = World::with(|config| config.upload_tokens = Some(tokens));
    let link = TestLink::manifest();
    let first = world.call("PUT", &link.api(""), &[("kosha-upload-token", "letmein")], &link.create_body());
    assert_eq!(first.status, 201);
    assert_eq!(world.create(&link).status, 200, "the token is for what is new");
    world.clock.forward(2 * DAY);
    let late = world.create(&link);
    assert_eq!((late.status, late.json::<LinkStatus>().active), (200, false));
    let thief = TestLink::manifest();
    let taken = world.call("PUT", &link.api(""), &[], &thief.create_body());
    assert_eq!(taken.code(), "conflict");
    assert_eq!(world.create(&thief).code(), "token-needed");
}

#[test]
fn creating_elsewhere_than_on_loopback_needs_a_token() {
    let tokens = UploadTokens::parse(&kosha_relay::token_line("letmein")).unwrap();
    let world = World::with(|config| config.upload_tokens = Some(tokens));
    let link = TestLink::manifest();
    assert_eq!(world.create(&link).code(), "token-needed");
    let with =
        |token: &str| world.call("PUT", &link.api(""), &[("kosha-upload-token", token)], &link.create_body());
    assert_eq!(with("guess").status, 401);
    assert_eq!(with("letmein").status, 201);

    let public = World::with(|config| config.public_url = Some("https://relay.example/kosha".to_owned()));
    assert_eq!(public.create(&link).code(), "token-needed", "a proxy makes a loopback relay public");
}

#[test]
fn locations_carry_the_public_url() {
    let tokens = UploadTokens::parse(&kosha_relay::token_line("t")).unwrap();
    let world = World::with(|config| {
        config.public_url = Some("https://relay.example/kosha/".to_owned());
        config.upload_tokens = Some(tokens);
    });
    let link = TestLink::manifest();
    world.call("PUT", &link.api(""), &[("kosha-upload-token", "t")], &link.create_body());
    let body = manifest_body("Dr A", None, Some(0));
    let location =
        world.call("POST", &link.path(), &[JSON], &body).manifest().files[0].location.clone().unwrap();
    assert!(location.starts_with("https://relay.example/kosha/f/"), "{location}");
    assert_eq!(world.call("GET", "/", &[], b"").header("location"), Some("/kosha/v/"));
}

#[test]
fn browsers_of_any_origin_may_read_links_and_none_may_call_the_api() {
    let world = World::new();
    let link = TestLink::manifest();
    world.create(&link);
    let asking = [("origin", "https://clinic.example"), ("access-control-request-method", "POST")];
    for path in [link.path(), "/f/any".to_owned()] {
        let answer = world.call("OPTIONS", &path, &asking, b"");
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST, OPTIONS"));
        assert_eq!(answer.header("access-control-allow-headers"), Some("content-type"));
    }
    for method in ["OPTIONS", "GET", "PUT"] {
        let answer = world.call(method, &link.api(""), &asking, b"");
        assert!(answer.status >= 400);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn the_page_comes_with_its_policy_small_and_only_once() {
    let world = World::new();
    assert_eq!(world.call("GET", "/", &[], b"").header("location"), Some("/v/"));
    let plain = world.call("GET", "/v/", &[], b"");
    assert_eq!((plain.status, plain.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = plain.header("content-security-policy").unwrap();
    assert!(policy.starts_with(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:"
    ));
    assert!(policy.ends_with("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
    let small = world.call("GET", "/v/", &[("accept-encoding", "gzip, br")], b"");
    assert_eq!(small.header("content-encoding"), Some("gzip"));
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&small.body[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let tag = plain.header("etag").unwrap();
    let again = world.call("GET", "/v/index.html", &[("if-none-match", tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    for path in ["/v/none.js", "/v/../Cargo.toml", "/v/%2e%2e/x", "/other"] {
        assert_eq!(world.call("GET", path, &[], b"").status, 404, "{path}");
    }
    assert_eq!(world.call("GET", "/healthz", &[], b"").body, b"ok\n");
}

fn files(world: &World) -> Vec<Vec<u8>> {
    std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

fn assert_absent(world: &World, needle: &[u8]) {
    assert!(files(world).iter().all(|file| !file.windows(needle.len()).any(|w| w == needle)));
}

fn assert_present(world: &World, needle: &[u8]) {
    assert!(files(world).iter().any(|file| file.windows(needle.len()).any(|w| w == needle)));
}
