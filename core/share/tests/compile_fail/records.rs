//! Records, however many, are no release.

fn leak(
    records: Vec<kosha_consent::Record>,
    secret: &kosha_crypto::LinkSecret,
    options: &kosha_share::PackageOptions<'_>,
    entropy: &dyn kosha_crypto::Entropy,
) {
    let _ = kosha_share::package(&records, secret, options, entropy);
}

fn main() {}
