//! What many, large, slow and early-leaving clients can do to a relay: nothing but wait or be refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::cell::Cell;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use common::{JSON, TestLink, World, connect, manifest_body, parse, together, try_call};
use kosha_relay::Rate;
use kosha_wire::relay::{LinkMode, MAX_CREATE_BYTES};

#[test]
fn sixty_four_wrong_passcodes_at_once_never_exceed_the_limit() {
    let world = World::new();
    let link = TestLink::manifest().with_passcode("4711", 5);
    world.create(&link);
    let answers = together(64, |i| world.manifest(&link, Some(&format!("wrong {i}"))));
    let mut remaining: Vec<u64> = answers
        .iter()
        .filter(|answer| answer.status == 401)
        .map(|answer| answer.json::<serde_json::Value>()["remainingAttempts"].as_u64().unwrap())
        .collect();
    remaining.sort_unstable();
    assert_eq!(
        remaining,
        [0, 1, 2, 3, 4],
        "each judged guess was counted, and no more than five were judged"
    );
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 59);
    assert_eq!(world.manifest(&link, Some("4711")).status, 404);
}

#[test]
fn right_passcodes_at_once_are_all_let_in() {
    let world = World::new();
    let link = TestLink::manifest().with_passcode("4711", 2);
    world.create(&link);
    let answers = together(32, |_| world.manifest(&link, Some("4711")).status);
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    let status = world.status(&link);
    assert_eq!((status.views, status.passcode_attempts_left), (32, Some(2)));
}

#[test]
fn a_passcode_is_judged_to_its_end_even_when_its_client_hangs_up() {
    let world = World::new();
    let link = TestLink::manifest().with_passcode("4711", 5);
    world.create(&link);
    // A machine that is busy may not have read the request when its client is gone: then there was no question to judge.
    let patience = Cell::new(Duration::from_millis(10));
    let ask_and_hang_up = |passcode: &str| {
        let body = manifest_body("Dr A", Some(passcode), None);
        let mut stream = connect(world.address());
        let head =
            format!("POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", link.path(), body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        // Long enough to be read, too short for the slow hash.
        std::thread::sleep(patience.get());
    };
    let judged = |passcode: &str, left: u32, views: u32| {
        for _ in 0..8 {
            ask_and_hang_up(passcode);
            let until = Instant::now() + Duration::from_secs(5);
            while Instant::now() < until {
                let status = world.status(&link);
                if (status.passcode_attempts_left, status.views) == (Some(left), views) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            patience.set(patience.get() * 3 / 2);
        }
        panic!("never judged: {:?}", world.status(&link));
    };
    (1..=3).for_each(|views| judged("4711", 5, views));
    (0..5).rev().for_each(|left| judged("wrong", left, 3));
    assert_eq!(world.manifest(&link, Some("4711")).status, 404);
}

#[test]
fn a_view_limit_holds_under_sixty_four_readers() {
    let world = World::new();
    let links = [TestLink::manifest().with_views(7), TestLink::direct().with_views(7)];
    for link in &links {
        world.create(link);
    }
    for link in &links {
        let answers = together(64, |_| match link.create.mode {
            LinkMode::Manifest => world.manifest(link, None).status,
            LinkMode::Direct => world.call("GET", &link.direct_path(), &[], b"").status,
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 7);
        assert_eq!(answers.iter().filter(|status| **status == 404).count(), 57);
        let status = world.status(link);
        assert_eq!((status.active, status.views, status.views_left), (false, 7, Some(0)));
        let seqs: Vec<u64> = world.views(link, 0, 0).into_iter().map(|(seq, _)| seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5, 6, 7]);
    }
}

#[test]
fn creations_at_once_store_one_link() {
    let world = World::new();
    let link = TestLink::manifest().with_passcode("1", 3);
    let mut answers = together(16, |_| world.create(&link).status);
    answers.sort_unstable();
    assert_eq!(answers[14..], [200, 201]);
    assert!(answers[..15].iter().all(|status| *status == 200));
}

#[test]
fn view_records_are_capped_while_views_go_on() {
    let world = World::with(|config| config.limits.views_per_link = 3);
    let link = TestLink::manifest();
    world.create(&link);
    for _ in 0..5 {
        assert_eq!(world.manifest(&link, None).status, 200);
    }
    assert_eq!(world.views(&link, 0, 0).len(), 3);
    assert_eq!(world.status(&link).views, 5);
}

#[test]
fn a_waiting_wallet_wakes_on_a_view_and_on_stopping() {
    let mut world = World::new();
    let link = TestLink::direct();
    world.create(&link);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| world.views(&link, 0, 30));
        std::thread::sleep(Duration::from_millis(300));
        assert!(!waiting.is_finished());
        assert_eq!(world.call("GET", &link.direct_path(), &[], b"").status, 200);
        assert_eq!(waiting.join().unwrap().len(), 1);
    });
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(world.views(&link, 1, 1).is_empty(), "nothing newer: it waits its second and says so");

    let (address, path, bearer) = (world.address(), link.api("/views?after=1&wait=30"), link.bearer());
    let waiting = std::thread::spawn(move || {
        try_call(address, "GET", &path, &[("authorization", &bearer)], b"").unwrap()
    });
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    world.stop();
    assert_eq!(waiting.join().unwrap().status, 200, "a running request is finished");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn bodies_beyond_their_bounds_are_refused() {
    let world = World::new();
    let link = TestLink::manifest();
    world.create(&link);
    let long = manifest_body(&"x".repeat(20_000), None, None);
    let answer = world.call("POST", &link.path(), &[JSON], &long);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));

    let announce = |head: &str| {
        let mut stream = connect(world.address());
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        parse(&bytes).map(|answer| answer.status)
    };
    let announced = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        link.api(""),
        MAX_CREATE_BYTES + 1
    );
    assert_eq!(announce(&announced), Some(413));
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    assert!(matches!(announce(&head), Some(431) | None));
    let many = "x: y\r\n".repeat(200);
    assert!(matches!(announce(&format!("GET / HTTP/1.1\r\n{many}\r\n")), Some(431 | 400) | None));
    assert!(matches!(announce("nonsense\r\n\r\n"), Some(400) | None));
    assert_eq!(world.manifest(&link, None).status, 200);
}

#[test]
fn chunked_bodies_are_bounded_too() {
    let world = World::new();
    let link = TestLink::manifest();
    let mut stream = connect(world.address());
    let head = format!("POST {} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n", link.path());
    stream.write_all(head.as_bytes()).unwrap();
    for _ in 0..40 {
        if stream.write_all(format!("400\r\n{}\r\n", "x".repeat(1024)).as_bytes()).is_err() {
            break;
        }
    }
    let mut bytes = [0; 64];
    let read = stream.read(&mut bytes).unwrap_or(0);
    assert!(read == 0 || bytes.starts_with(b"HTTP/1.1 413"));
}

#[test]
fn slow_clients_are_cut() {
    let world = World::with(|config| {
        config.limits.head_timeout = Duration::from_millis(400);
        config.limits.body_pause = Duration::from_millis(400);
        config.limits.body_total = Duration::from_millis(900);
    });
    let link = TestLink::manifest();
    world.create(&link);
    let starts = [
        String::new(),
        "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ".to_owned(),
        format!("POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: 10000\r\n\r\n{{", link.path()),
    ];
    together(starts.len(), |i| {
        let begun = Instant::now();
        let mut stream = connect(world.address());
        stream.write_all(starts[i].as_bytes()).unwrap();
        // One byte now and then does not keep the connection.
        let mut writer = stream.try_clone().unwrap();
        std::thread::spawn(move || {
            while writer.write_all(b"a").is_ok() {
                std::thread::sleep(Duration::from_millis(150));
            }
        });
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        assert!(begun.elapsed() < Duration::from_secs(5), "case {i}");
        assert!(
            parse(&bytes).is_none_or(|answer| answer.status == if i == 1 { 200 } else { 408 }),
            "case {i}"
        );
    });
    assert_eq!(world.manifest(&link, None).status, 200);
}

#[test]
fn a_reader_who_takes_nothing_is_cut() {
    let world = World::with(|config| config.limits.write_pause = Duration::from_millis(500));
    let link = TestLink::new(LinkMode::Direct, &[&vec![5; 20_000_000]]);
    assert_eq!(world.create(&link).status, 201);
    let mut stream = connect(world.address());
    write!(stream, "GET {} HTTP/1.1\r\nhost: x\r\n\r\n", link.direct_path()).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert!(bytes.len() < link.create.files[0].jwe.len(), "the rest was not kept for it");
    let whole = world.call("GET", &link.direct_path(), &[], b"");
    assert_eq!(whole.body.len(), link.create.files[0].jwe.len());
}

#[test]
fn a_download_breaks_off_when_its_link_is_withdrawn() {
    let world = World::new();
    let link = TestLink::new(LinkMode::Direct, &[&vec![5; 20_000_000]]);
    world.create(&link);
    let mut stream = connect(world.address());
    write!(stream, "GET {} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", link.direct_path()).unwrap();
    let mut first = [0; 1000];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(world.managed("DELETE", &link, "").status, 204);
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.len() + 1000 < link.create.files[0].jwe.len());
}

#[test]
fn too_many_requests_of_one_address_are_told_to_wait() {
    let world = World::with(|config| {
        config.limits.reader_rate = Rate { burst: 5, per_second: 1 };
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    let link = TestLink::manifest();
    world.create(&link);
    let from = |address: &str| {
        let headers = [JSON, ("x-forwarded-for", address)];
        world.call("POST", &link.path(), &headers, &manifest_body("Dr A", None, None))
    };
    for _ in 0..5 {
        assert_eq!(from("203.0.113.9, 192.0.2.1").status, 200);
    }
    let refused = from("198.51.100.7, 192.0.2.1");
    assert_eq!((refused.status, refused.code().as_str()), (429, "too-many"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    assert_eq!(from("192.0.2.2").status, 200, "another client of the same proxy");
    assert_eq!(world.status(&link).views, 6, "a refused request is no view");
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(from("192.0.2.1").status, 200);
}

#[test]
fn one_address_cannot_hold_every_connection() {
    let world = World::with(|config| config.limits.connections_per_address = 4);
    let held: Vec<_> = (0..4).map(|_| connect(world.address())).collect();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(try_call(world.address(), "GET", "/healthz", &[], b""), None);
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(world.call("GET", "/healthz", &[], b"").status, 200);
}

#[test]
fn a_full_store_takes_no_more_and_tombstones_are_bounded() {
    let world = World::with(|config| {
        config.limits.stored_bytes = 50_000;
        config.limits.tombstones = 10;
    });
    let large = TestLink::new(LinkMode::Direct, &[&vec![1; 60_000]]);
    assert_eq!(world.create(&large).status, 507);
    let link = TestLink::manifest();
    assert_eq!(world.create(&link).status, 201);
    let gone: Vec<TestLink> = (0..15).map(|_| TestLink::manifest()).collect();
    for link in &gone {
        assert_eq!(world.managed("DELETE", link, "").status, 204);
        world.clock.forward(1);
    }
    let kept = gone.iter().filter(|link| world.managed("GET", link, "").status == 200).count();
    assert_eq!(kept, 10);
    assert_eq!(world.managed("GET", &gone[14], "").status, 200);
    assert!(world.status(&link).active);
}
