//! What a program says when its login has run out. Written as these programs write it, so that people who read it in a
//! rehearsal know it when it comes for real.

use super::cast::first_word;

/// Returns the error of the program that this command line begins with.
pub(super) fn expired(shown: &str) -> &'static str {
    match first_word(shown) {
        "az" => {
            "ERROR: AADSTS700082: The refresh token has expired due to inactivity.\n\
             Interactive authentication is needed. Please run:\naz login\n"
        }
        "kubectl" => "error: You must be logged in to the server (Unauthorized)\n",
        "psql" | "pg_restore" | "pg_dump" => {
            "FATAL:  The access token has expired. Acquire a new token and retry.\n"
        }
        _ => "error: the login has expired; sign in again\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_it_in_its_own_words() {
        assert!(expired("az account show --output json").contains("az login"));
        assert!(expired("kubectl get pods").contains("Unauthorized"));
        assert!(expired("").contains("sign in again"));
    }
}
