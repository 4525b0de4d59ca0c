//! SQLite's memory, from Rust's allocator: whatever that does with memory given back, it does with SQLite's too.

#![allow(unsafe_code, reason = "SQLite takes its allocator as C functions")]
#![allow(clippy::cast_ptr_alignment, reason = "blocks and headers are aligned to 16 bytes")]

use std::alloc::{Layout, alloc, dealloc};
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use rusqlite::ffi;

/// Bytes before each block, which hold its size. As many as the strictest alignment that C expects of `malloc`.
const HEADER: usize = 16;

/// Makes SQLite allocate through Rust's global allocator from now on. `false` where SQLite was in use before: its memory
/// then stays that of `malloc`, and is not wiped. Calling it again is free.
///
/// Source: <https://sqlite.org/malloc.html>, section 3.1.2, and `sqlite3_config(SQLITE_CONFIG_MALLOC)`.
pub fn adopt_sqlite() -> bool {
    static ADOPTED: OnceLock<bool> = OnceLock::new();
    *ADOPTED.get_or_init(|| {
        let methods = ffi::sqlite3_mem_methods {
            xMalloc: Some(take),
            xFree: Some(give_back),
            xRealloc: Some(resize),
            xSize: Some(size),
            xRoundup: Some(round_up),
            xInit: Some(start),
            xShutdown: Some(stop),
            pAppData: ptr::null_mut(),
        };
        // SAFETY: SQLite copies the table before it returns, and refuses (SQLITE_MISUSE) once it is initialised. The
        // function must not run beside other calls of SQLite: the OnceLock keeps a second one of ours away, and whoever
        // used SQLite before has initialised it, so that nothing is changed.
        let code = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw const methods) };
        code == ffi::SQLITE_OK
    })
}

/// Layout of a block for `bytes` of SQLite's, header included; nothing for a length below zero.
fn layout(bytes: c_int) -> Option<Layout> {
    let bytes = usize::try_from(bytes).ok()?;
    Layout::from_size_align(bytes.checked_add(HEADER)?, HEADER).ok()
}

/// Length that was asked for, from the header.
///
/// # Safety
///
/// `block` must be what [`take`] gave, not given back yet.
unsafe fn asked(block: *mut c_void) -> c_int {
    // SAFETY: `take` allocated `HEADER` bytes before `block` and aligned them for any integer.
    let header = unsafe { block.cast::<u8>().sub(HEADER) };
    // SAFETY: as above, and `take` wrote a `c_int` there.
    unsafe { header.cast::<c_int>().read() }
}

extern "C" fn take(bytes: c_int) -> *mut c_void {
    let Some(layout) = layout(bytes) else { return ptr::null_mut() };
    // SAFETY: the layout has at least the size of the header.
    let base = unsafe { alloc(layout) };
    if base.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: the block begins with `HEADER` bytes, aligned for any integer.
    unsafe { base.cast::<c_int>().write(bytes) };
    // SAFETY: the block is larger than its header.
    unsafe { base.add(HEADER) }.cast()
}

unsafe extern "C" fn give_back(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: SQLite gives back only what it took, once.
    let Some(layout) = layout(unsafe { asked(block) }) else { return };
    // SAFETY: `take` allocated the header before the block.
    let base = unsafe { block.cast::<u8>().sub(HEADER) };
    // SAFETY: allocated by `take` with this layout, since the length in the header never changes.
    unsafe { dealloc(base, layout) };
}

unsafe extern "C" fn resize(block: *mut c_void, bytes: c_int) -> *mut c_void {
    let new = take(bytes);
    if new.is_null() || block.is_null() {
        return new;
    }
    // SAFETY: SQLite resizes only what it took.
    let kept = usize::try_from(unsafe { asked(block) }.min(bytes)).unwrap_or(0);
    // SAFETY: both blocks have at least `kept` bytes, and a new block overlaps no old one.
    unsafe { ptr::copy_nonoverlapping(block.cast::<u8>(), new.cast::<u8>(), kept) };
    // SAFETY: the old block is SQLite's to give back, and SQLite does not use it after a resize that worked.
    unsafe { give_back(block) };
    new
}

unsafe extern "C" fn size(block: *mut c_void) -> c_int {
    if block.is_null() {
        return 0;
    }
    // SAFETY: SQLite asks only about what it took.
    unsafe { asked(block) }
}

extern "C" fn round_up(bytes: c_int) -> c_int {
    bytes.checked_add(7).map_or(bytes, |bytes| bytes & !7)
}

extern "C" fn start(_: *mut c_void) -> c_int {
    ffi::SQLITE_OK
}

extern "C" fn stop(_: *mut c_void) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_their_content_and_know_their_size() {
        let block = take(5);
        // SAFETY: five bytes were taken.
        unsafe { ptr::copy_nonoverlapping(b"hello".as_ptr(), block.cast(), 5) };
        // SAFETY: taken above.
        let larger = unsafe { resize(block, 100_000) };
        // SAFETY: taken above.
        assert_eq!(unsafe { size(larger) }, 100_000);
        // SAFETY: it is larger than five bytes.
        assert_eq!(unsafe { std::slice::from_raw_parts(larger.cast::<u8>(), 5) }, b"hello");
        // SAFETY: taken above.
        let smaller = unsafe { resize(larger, 3) };
        // SAFETY: three bytes are left.
        assert_eq!(unsafe { std::slice::from_raw_parts(smaller.cast::<u8>(), 3) }, b"hel");
        assert_eq!(smaller.align_offset(HEADER), 0);
        // SAFETY: given back once.
        unsafe { give_back(smaller) };
        // SAFETY: as C's `free`, nothing may be given back.
        unsafe { give_back(ptr::null_mut()) };
        assert!(take(-1).is_null());
        assert_eq!((round_up(1), round_up(8), round_up(c_int::MAX)), (8, 8, c_int::MAX));
    }

    #[test]
    fn sqlite_works_in_it() {
        assert!(adopt_sqlite(), "no other test of this process uses SQLite before");
        assert!(adopt_sqlite(), "again");
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(3000000));").unwrap();
        let length: i64 = conn.query_row("SELECT length(a) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(length, 3_000_000);
        // SAFETY: a plain question about statistics.
        assert!(unsafe { ffi::sqlite3_memory_used() } >= 0);
    }
}
