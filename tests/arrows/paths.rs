//! Which parts of the crate a file names: `crate::…` and `super::…` paths, import trees unfolded.

/// A path as seen from the crate's root (`["rooms", "open", "open"]`) and the line it stands on.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    pub line: usize,
}

/// All crate-internal paths in `code`, which lies in `file` (relative to `src`).
///
/// Where a whole module is imported (`use crate::rooms;`), what is reached through its name counts too.
pub fn named(file: &str, code: &str) -> Vec<Named> {
    let module = module_of(file);
    let mut all = Vec::new();
    let mut aliases: Vec<(String, Vec<String>)> = Vec::new();
    let mut unfolded = Vec::new();
    for (at, word) in words(code) {
        let Some(start) = root_of(word, code, at, &module) else { continue };
        let line = line_of(code, at);
        let mut leaves = Vec::new();
        unfolded.push(at..unfold(code, at + word.len(), start, &mut leaves));
        for (path, local) in leaves {
            if let Some(local) = local {
                aliases.push((local, path.clone()));
            }
            all.push(Named { path, line });
        }
    }
    for (at, word) in words(code) {
        if is_path_start(code, at)
            && !unfolded.iter().any(|tree| tree.contains(&at))
            && code[at + word.len()..].starts_with("::")
            && let Some((_, path)) = aliases.iter().find(|(local, _)| local == word)
        {
            let mut leaves = Vec::new();
            unfold(code, at + word.len(), path.clone(), &mut leaves);
            all.extend(leaves.into_iter().map(|(path, _)| Named { path, line: line_of(code, at) }));
        }
    }
    all
}

/// Every identifier with its place.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].find(is_word)?;
        let end = code[start..].find(|letter| !is_word(letter)).map_or(code.len(), |length| start + length);
        at = end;
        Some((start, &code[start..end]))
    })
}

/// Whether the word at `at` begins a path, so that it is not a part of a longer one.
pub fn is_path_start(code: &str, at: usize) -> bool {
    !code[..at].ends_with("::") && !code[..at].ends_with('.')
}

pub fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The module a file is, as path segments: `rooms/open.rs` and `rooms/open/mod.rs` are both `rooms::open`.
fn module_of(file: &str) -> Vec<String> {
    let bare = file.trim_end_matches(".rs");
    let bare = bare.strip_suffix("/mod").unwrap_or(bare);
    if bare == "lib" || bare == "main" {
        return Vec::new();
    }
    bare.split('/').map(str::to_owned).collect()
}

/// Where a path that begins with `word` starts from, seen from the crate's root.
fn root_of(word: &str, code: &str, at: usize, module: &[String]) -> Option<Vec<String>> {
    if !code[at + word.len()..].starts_with("::") || !is_path_start(code, at) {
        return None;
    }
    match word {
        "crate" | "tsumugi_server" => Some(Vec::new()),
        "super" => module.split_last().map(|(_, above)| above.to_vec()),
        _ => None,
    }
}

/// Follows `::a::{b, c as d}` from `at` and collects each end with its local name, if the path is a module or function.
fn unfold(
    code: &str,
    at: usize,
    path: Vec<String>,
    leaves: &mut Vec<(Vec<String>, Option<String>)>,
) -> usize {
    let Some(rest) = code[at..].strip_prefix("::") else {
        return leaf(code, at, path, leaves);
    };
    let at = code.len() - rest.len();
    let at = at + blanks(&code[at..]);
    if code[at..].starts_with('{') {
        return unfold_group(code, at + 1, &path, leaves);
    }
    let Some((start, word)) = words(&code[at..]).next().filter(|(start, _)| *start == 0) else {
        let mut path = path;
        path.push(code[at..].chars().next().map_or(String::new(), String::from));
        leaves.push((path, None));
        return at + 1;
    };
    unfold(code, at + start + word.len(), stepped(path, word), leaves)
}

fn unfold_group(
    code: &str,
    mut at: usize,
    path: &[String],
    leaves: &mut Vec<(Vec<String>, Option<String>)>,
) -> usize {
    while at < code.len() {
        at += blanks(&code[at..]);
        match code[at..].chars().next() {
            Some('}') => return at + 1,
            Some(',') => at += 1,
            Some('*') => {
                leaves.push(([path, &["*".to_owned()]].concat(), None));
                at += 1;
            }
            _ => {
                let Some((_, word)) = words(&code[at..]).next().filter(|(start, _)| *start == 0) else {
                    return at + 1;
                };
                at = unfold(code, at + word.len(), stepped(path.to_vec(), word), leaves);
            }
        }
    }
    at
}

/// One step along a path; `self` stays and `super` goes up.
fn stepped(mut path: Vec<String>, word: &str) -> Vec<String> {
    match word {
        "self" => {}
        "super" => drop(path.pop()),
        _ => path.push(word.to_owned()),
    }
    path
}

fn leaf(code: &str, at: usize, path: Vec<String>, leaves: &mut Vec<(Vec<String>, Option<String>)>) -> usize {
    let after = at + blanks(&code[at..]);
    let mut local = path.last().cloned();
    let mut end = at;
    if code[after..].starts_with("as ")
        && let Some((start, name)) = words(&code[after + 3..]).next()
    {
        local = Some(name.to_owned());
        end = after + 3 + start + name.len();
    }
    leaves.push((path, local));
    end
}

fn blanks(code: &str) -> usize {
    code.len() - code.trim_start().len()
}

#[cfg(test)]
fn paths(file: &str, code: &str) -> Vec<String> {
    named(file, code).into_iter().map(|named| named.path.join("::")).collect()
}

#[test]
fn import_trees_are_unfolded() {
    let found =
        paths("posts/send.rs", "use crate::{app::App, rooms::{self, Room, open::open as enter}, live::*};");
    assert_eq!(found, ["app::App", "rooms", "rooms::Room", "rooms::open::open", "live::*"]);
}

#[test]
fn super_is_read_from_where_the_file_stands() {
    assert_eq!(paths("posts/send.rs", "use super::super::rooms::open::open;"), ["rooms::open::open"]);
    assert_eq!(paths("posts/mod.rs", "use super::rooms::Room;"), ["rooms::Room"]);
    assert_eq!(paths("posts/send.rs", "super::store::insert()"), ["posts::store::insert"]);
}

#[test]
fn what_is_reached_through_an_imported_module_counts() {
    let found =
        paths("posts/send.rs", "use crate::rooms;\nfn f() { rooms::open::open(app); other.rooms::x }");
    assert_eq!(found, ["rooms", "rooms::open::open"]);
}

#[test]
fn lines_are_counted_from_one() {
    assert_eq!(named("a.rs", "\n\ncrate::b::c();")[0].line, 3);
}
