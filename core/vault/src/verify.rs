//! The verdict about the rows: known at once where an unlock read all of them, and found by a thread of its own where the
//! unlock took what was in memory from a snapshot.

use std::cell::{OnceCell, RefCell};
use std::thread::{Builder, JoinHandle};

use kosha_crypto::RootKey;
use kosha_crypto::id::VaultId;

use crate::error::{Error, Part, Problem, Result};
use crate::folder::Folder;
use crate::snapshot::Keeper;
use crate::unlock::{self, Loader, UNREADABLE};

/// What was found, or is being found.
pub(crate) struct Verdict {
    found: OnceCell<Vec<Problem>>,
    running: RefCell<Option<JoinHandle<Vec<Problem>>>>,
    /// What is in memory came from a snapshot.
    pub(crate) resumed: bool,
}

/// What the thread works with; nothing of it is shared with the vault that it looks at.
struct Task {
    folder: Folder,
    vault: VaultId,
    root: RootKey,
}

impl Verdict {
    /// Of an unlock that read everything.
    pub(crate) fn known(problems: Vec<Problem>) -> Self {
        Self { found: OnceCell::from(problems), running: RefCell::new(None), resumed: false }
    }

    /// Starts the thread; where there can be none, the work is done at once.
    pub(crate) fn start(folder: &Folder, vault: VaultId, root: &RootKey) -> Self {
        let task = || Task { folder: folder.clone(), vault, root: root.duplicate() };
        let verdict = Self { found: OnceCell::new(), running: RefCell::new(None), resumed: true };
        let background = task();
        match Builder::new().name("kosha-verify".to_owned()).spawn(move || background.run()) {
            Ok(running) => *verdict.running.borrow_mut() = Some(running),
            Err(_) => {
                let _ = verdict.found.set(task().run());
            }
        }
        verdict
    }

    /// The problems, sorted; waits for the thread.
    pub(crate) fn problems(&self) -> &[Problem] {
        self.found.get_or_init(|| {
            let running = self.running.borrow_mut().take();
            let unknown = || vec![Problem { place: Part::Database, reason: UNREADABLE }];
            running.map_or_else(Vec::new, |running| running.join().unwrap_or_else(|_| unknown()))
        })
    }

    /// The problems as far as they are known now, sorted; waits for nothing.
    pub(crate) fn known_so_far(&self) -> &[Problem] {
        self.found.get().map_or(&[], Vec::as_slice)
    }
}

impl Task {
    fn run(self) -> Vec<Problem> {
        let mut problems = match self.look() {
            Ok(problems) => problems,
            Err(Error::Damaged(place)) => vec![Problem { place, reason: unlock::SEAL }],
            Err(_) => vec![Problem { place: Part::Database, reason: UNREADABLE }],
        };
        problems.sort_unstable();
        problems.dedup();
        if !problems.is_empty() {
            let _ = Keeper::remove(&self.folder);
        }
        drop(self);
        kosha_memory::scrub_stack();
        problems
    }

    /// Every row against the state of the same moment: each seal that an unlock opens, the set-hash, the log's tree.
    /// In a frame of its own: what it leaves on the stack lies below the one that scrubs it.
    #[inline(never)]
    fn look(&self) -> Result<Vec<Problem>> {
        let conn = crate::schema::open(&self.folder.database())?;
        conn.execute_batch("PRAGMA query_only=ON; BEGIN")?;
        let own = unlock::vault_keys(&conn, self.vault, &self.root)?;
        let state = unlock::read_state(&conn, &own, self.vault)?;
        let mut loader = Loader::new(&conn, self.vault, &self.root, &own, 0).without_index();
        loader.tables()?;
        loader.compare(state.as_ref());
        Ok(loader.problems)
    }
}
