//! What several tests share: a transport that answers from a script, and the folder of test data.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it left out"
)]

use std::path::PathBuf;
use std::sync::Mutex;

use kosha_share::{Request, Response, Transport, TransportError};

pub(crate) type Answer = Result<Response, TransportError>;

/// Answers by a function and keeps what it was asked.
pub(crate) struct Script<F> {
    answer: F,
    pub(crate) asked: Mutex<Vec<Request>>,
}

impl<F: Fn(&Request) -> Answer + Send + Sync> Script<F> {
    pub(crate) fn new(answer: F) -> Self {
        Self { answer, asked: Mutex::new(Vec::new()) }
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

impl<F: Fn(&Request) -> Answer + Send + Sync> Transport for Script<F> {
    fn send(&self, request: Request) -> Answer {
        let answer = (self.answer)(&request);
        self.asked.lock().unwrap().push(request);
        answer
    }
}

pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Answer {
    status(200, body)
}

#[allow(clippy::unnecessary_wraps, reason = "it is an answer of the script")]
pub(crate) fn status(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Ok(Response { status, headers: Vec::new(), body: body.into(), elapsed_ms: 5 })
}

pub(crate) fn with_header(answer: Answer, name: &str, value: &str) -> Answer {
    answer.map(|mut response| {
        response.headers.push((name.to_owned(), value.to_owned()));
        response
    })
}

/// The folder of test data that is kept beside the repository, or a line that says that it is not there.
pub(crate) fn test_data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("KOSHA_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("test data not found, set KOSHA_TEST_DATA: this test did not run");
    None
}
