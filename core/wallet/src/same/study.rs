//! Imaging studies: hundreds of files that are one examination.
//!
//! Every picture of a study comes as a file of its own. Each stays a record with its file, byte for byte, and nothing is
//! merged; lists show the one that stands for all, with how many there are. Whatever deletes or moves one of them takes
//! all: who sees one entry means the examination. Over several imports too, since the number of the study is what joins
//! them (DICOM PS3.3, C.7.2.1).

use std::collections::HashSet;

use kosha_crypto::id::RecordId;
use serde::Serialize;

use super::{Groups, telling};
use crate::timeline::RecordCard;
use crate::{Error, Session};

/// What an imaging study holds, of which several files came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Study {
    /// Series in which the pictures were taken.
    pub series: usize,
    /// Pictures: files of one picture, or of several in one.
    pub images: usize,
}

impl Session {
    /// What the study holds that a record stands for; `None` where it is no part of one, or the only one. A record that
    /// its source wrote about the whole study is not counted.
    pub(crate) fn study(&self, groups: &Groups, record: RecordId) -> Option<Study> {
        let index = self.vault().index();
        let pictures = groups.parts(record).filter_map(|part| telling::series(index.get(part)?));
        let (mut images, mut series) = (0, HashSet::new());
        for number in pictures {
            images += 1;
            series.insert(number);
        }
        (images > 0).then_some(Study { series: series.len(), images })
    }

    /// Says on cards of pictures that stand for a study what all of it holds, in place of what the one file does.
    pub(crate) fn count_studies(&self, cards: &mut [RecordCard]) {
        let language = self.language();
        let one = language.pictures(1, 1);
        for card in cards {
            let Some(study) = card.study else { continue };
            if let Some(before) = card.summary.strip_suffix(&one) {
                card.summary = format!("{before}{}", language.pictures(study.series, study.images));
            }
        }
    }

    /// These records, and with a part of a study all its parts.
    pub(crate) fn with_parts(
        &self,
        records: impl IntoIterator<Item = RecordId>,
    ) -> Result<Vec<RecordId>, Error> {
        let groups = self.same()?;
        let mut all = Vec::new();
        let mut known = HashSet::new();
        for record in records {
            if known.insert(record) {
                all.push(record);
                all.extend(groups.parts(record).filter(|part| known.insert(*part)));
            }
        }
        Ok(all)
    }
}
