//! Secrets out of texts made by ourselves, and which secrets can be kept out of anything at all.

use super::mask::Masks;
use super::secret::Secrets;
use secrecy::{ExposeSecret, SecretString};

/// A shorter secret would mask half of every output, or be guessed from what is left.
const SHORTEST: usize = 6;

/// Words that stand in ordinary output.
const COMMON: &[&str] = &[
    "password",
    "secret",
    "true",
    "false",
    "admin",
    "postgres",
    "changeme",
    "123456",
    "localhost",
];

/// Tells whether a secret can be kept out of output, or why not. The reason holds no part of it.
pub fn acceptable(secret: &SecretString) -> Result<(), String> {
    let text = secret.expose_secret();
    if text.chars().count() < SHORTEST {
        return Err(format!("it is shorter than {SHORTEST} characters, too short to be masked"));
    }
    if COMMON.contains(&text.to_lowercase().as_str()) {
        return Err("it is a common word, which cannot be masked".into());
    }
    Ok(())
}

/// Masks secrets in a text.
pub fn redact_str(secrets: &Secrets, text: &str) -> String {
    Masks::new(secrets).text(text.as_bytes())
}

/// Returns the name of a secret that stands in a text, in any form that would be masked.
pub fn found_in(secrets: &Secrets, text: &str) -> Option<String> {
    let holds = |name: &&String| {
        let one = secrets.get(*name).map(|value| ((*name).clone(), value.clone()));
        redact_str(&one.into_iter().collect(), text) != text
    };
    secrets.keys().find(holds).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_common_secrets_are_refused_without_naming_them() {
        for bad in ["", "abc", "Password"] {
            let why = acceptable(&bad.into()).unwrap_err();
            assert!(bad.is_empty() || !why.contains(bad), "{why}");
        }
        acceptable(&"correct horse".into()).unwrap();
    }

    #[test]
    fn a_secret_and_each_of_its_long_lines_are_masked() {
        let secrets = Secrets::from([("key".into(), "first-line-1\nsecond-line-2".into())]);
        assert_eq!(redact_str(&secrets, "a second-line-2 b"), "a ‹secret:key› b");
    }
}
