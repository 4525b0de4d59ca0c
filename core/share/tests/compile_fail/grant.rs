//! A grant alone, which no ledger has written down, is no release.

fn leak(
    grant: &kosha_consent::Grant,
    secret: &kosha_crypto::LinkSecret,
    options: &kosha_share::PackageOptions<'_>,
    entropy: &dyn kosha_crypto::Entropy,
) {
    let _ = kosha_share::package(grant, secret, options, entropy);
}

fn main() {}
