//! Getting everything back from a backup.

use std::path::{Path, PathBuf};

use kosha_vault::{Durability, Env, RestoreOptions};
use serde::Serialize;

use crate::backup::{BackupSeen, Secret, of_backup};
use crate::{CheckedProblem, Environment, Error, LockedWallet, Session, Unlock, date};

/// How a vault is to be restored.
#[derive(Debug, Clone, Copy, Default)]
pub struct RestoreWish {
    /// Whether a vault that is in the folder is replaced; it is put aside, not removed.
    pub replace: bool,
    /// Whether to take the last whole state where the end of the backup is missing, or damaged behind it.
    pub last_whole: bool,
    /// Whether to take a vault that is damaged in parts.
    pub damaged: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    /// What the backup held.
    pub backup: BackupSeen,
    /// Where the vault is that was here before; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced: Option<PathBuf>,
    /// What is damaged in it; empty unless that was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<CheckedProblem>,
}

impl LockedWallet {
    /// Makes the vault of the backup `file` in `dir` and opens it. The backup is read and verified whole before anything
    /// in `dir` is touched; whenever it breaks off, a whole vault is there, the old one or the new one. Where the
    /// environment brings a keystore, the device can unlock the restored vault.
    ///
    /// `progress` is told bytes done and bytes in all.
    pub fn restore(
        file: &Path,
        dir: &Path,
        unlock: &Unlock<'_>,
        wish: RestoreWish,
        environment: Environment,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Session, RestoreReport), Error> {
        let secret = Secret::of(unlock)?;
        let env = Env { entropy: environment.entropy.clone() };
        let keystore = environment.keystore.clone();
        // Never the name of a key that a vault which is put aside still needs.
        let label = crate::locked::device_label(environment.entropy.as_ref())?;
        let options = RestoreOptions {
            replace: wish.replace,
            last_whole: wish.last_whole,
            damaged: wish.damaged,
            device: keystore.as_deref().map(|keystore| (keystore, label.as_str())),
        };
        // What is no vault is not moved.
        kosha_vault::is_taken(&kosha_vault::resolve_place(dir)?).map_err(crate::locked::other_files)?;
        let (vault, report) =
            kosha_vault::restore(file, dir, secret.unlock(), &env, &options, progress, &mut |vault, info| {
                let detail = format!("from the backup of {}", date::rfc3339(info.made_ms));
                let mut tx = vault.begin(Durability::Full)?;
                tx.log(environment.now_ms(), "restored", &detail)?;
                tx.commit()?;
                environment.steps.reached("restore-built");
                Ok(())
            })
            .map_err(of_backup)?;
        environment.steps.reached("restore-placed");
        let problems = report.problems.iter().map(|problem| CheckedProblem {
            place: problem.place.to_string(),
            reason: problem.reason.to_owned(),
            about: Vec::new(),
        });
        let report = RestoreReport {
            backup: BackupSeen::of(&report.info),
            replaced: report.replaced,
            problems: problems.collect(),
        };
        let mut session = Session::begin(vault, environment);
        // That this is the right copy from here on was just said.
        session.adopt();
        Ok((session, report))
    }

    /// Opens the vault and then removes those that earlier restores put aside: how many. What was only in them is gone.
    pub fn discard_replaced(self, unlock: &Unlock<'_>) -> Result<u64, Error> {
        let dir = self.dir().to_owned();
        let _session = self.unlock(unlock)?;
        Ok(kosha_vault::discard_replaced(&dir)?)
    }
}
