//! Memory that is wiped when it is given back.
//!
//! While a vault is open its index, its search and the records on the screen are in memory in clear. When it is locked
//! they are dropped, and dropping alone leaves their bytes behind. Three things are done about it:
//!
//! * [`WipingAllocator`] overwrites everything that Rust gives back. A program sets it as its global allocator; a library
//!   cannot. zstd works in memory of the same allocator (feature `with-rust-allocator`).
//! * [`adopt_sqlite`] makes SQLite, which is C and has `malloc` of its own, allocate through Rust as well.
//! * [`scrub_stack`] overwrites what function calls left on the stack: round keys of ciphers, copies of short values.
//!
//! What this does not reach: registers, pages that the system has swapped out, and copies that the system itself made
//! (the environment of the process, buffers of pipes and terminals).
//!
//! This is the only crate of the core with unsafe code; it is all in the module `sqlite`.

mod sqlite;
mod stack;

pub use sqlite::adopt_sqlite;
pub use stack::scrub_stack;

/// An allocator that overwrites memory with zeros when it is given back, also when a buffer moves to a larger place.
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: kosha_memory::WipingAllocator = kosha_memory::WIPING;
/// ```
pub type WipingAllocator = zeroizing_alloc::ZeroAlloc<std::alloc::System>;

/// The value for `#[global_allocator]`.
pub const WIPING: WipingAllocator = zeroizing_alloc::ZeroAlloc(std::alloc::System);
