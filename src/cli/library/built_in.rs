//! The runbooks inside this binary.

use super::entry::RUNBOOK_FILE;

/// Every shipped file with its path below `runbooks/`, by name.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/built_in_runbooks.rs"));

/// Lists the full names of the runbooks inside this binary, without reading one.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_suffix(RUNBOOK_FILE)?.strip_suffix('/'))
}

/// Returns all files of one of them, with their paths inside its folder.
pub fn files(full_name: &str) -> Vec<(String, Vec<u8>)> {
    FILES
        .iter()
        .filter_map(|(path, bytes)| {
            let inside = path.strip_prefix(full_name)?.strip_prefix('/')?;
            Some((inside.to_owned(), bytes.to_vec()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_belongs_to_a_runbook_in_a_systems_folder() {
        for (path, _) in FILES {
            let owner = names().find(|name| path.starts_with(&format!("{name}/")));
            let owner = owner.unwrap_or_else(|| panic!("{path} belongs to no runbook"));
            assert_eq!(owner.matches('/').count(), 1, "{owner} is not system/name");
        }
    }
}
